from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.support.leftovers import find_leftovers
from tests.support.services import AMQP_URL, REDIS_URL, require
from tests.support.shop_project import ShopProject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROKERS = {"embedded": "embedded", "redis": REDIS_URL, "amqp": AMQP_URL}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/live/verification/" in item.nodeid:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="module", params=BROKERS)
def broker(request: pytest.FixtureRequest) -> str:
    """Each broker in turn: the same tests hold on all."""
    url = BROKERS[request.param]
    return url if url == "embedded" else require(url)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopProject]:
    """A provider's folder; afterwards no process and no temporary file of its runs is left."""
    project = ShopProject(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(project.tmp))
    try:
        yield project
        project.wait_for(lambda: not project.processes(), 5)  # what is killed ends in its time
        assert list(project.tmp.iterdir()) == []
        for url in (REDIS_URL, AMQP_URL):
            if url in project.used:
                assert find_leftovers(url, project.read("runs.txt")) == []
    finally:
        project.end_all()
