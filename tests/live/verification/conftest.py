from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.support.leftovers import find_leftovers
from tests.support.own_sqs import open_quick_sqs
from tests.support.services import AMQP_URL, REDIS_URL, require
from tests.support.shop_project import ShopProject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROKERS = {"embedded": "embedded", "redis": REDIS_URL, "amqp": AMQP_URL}
ON_SQS_TOO = {"test_outcomes", "test_leftovers", "test_turns"}
"""The modules that are run there; all of them pass there, in forty seconds more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/live/verification/" in item.nodeid:
            item.add_marker(pytest.mark.live)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each broker in turn: the same tests hold on all."""
    if "broker" in metafunc.fixturenames:
        more = ["sqs"] if metafunc.definition.path.stem in ON_SQS_TOO else []
        metafunc.parametrize("broker", [*BROKERS, *more], indirect=True, scope="module")


@pytest.fixture(scope="module")
def broker(request: pytest.FixtureRequest) -> str:
    """The URL of the broker that the test is run on."""
    if request.param == "sqs":
        return open_quick_sqs()
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
        for url in project.used:
            if url.startswith(("redis", "amqp", "sqs")):
                assert find_leftovers(url, project.read("runs.txt")) == []
    finally:
        project.end_all()
