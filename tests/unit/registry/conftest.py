"""The stores that a registry may be kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.s3 import make_environment
from tests.support.registries import begin, open_store, serve_s3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from taskcontract.registry.registry import Registry
    from taskcontract.registry.store import Store


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    with serve_s3() as url:
        yield url


@pytest.fixture(params=["memory", "folder", pytest.param("s3", marks=pytest.mark.process)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    url = ""
    if request.param == "s3":
        url = request.getfixturevalue("s3_url")
        for name, value in make_environment(url).items():
            monkeypatch.setenv(name, value)
    return open_store(request.param, tmp_path, url)


@pytest.fixture
def registry(store: Store) -> Registry:
    return begin(store)
