"""The shop as the folder that pytest runs in."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

# Loaded here, so that they need not be loaded anew in each run inside this process.
from taskcontract.model.version import parse_version
from tests.support.shop_project import PLUGIN, ShopProject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

parse_version("1.0.0")


@pytest.fixture
def shop_project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopProject]:
    """The shop; afterwards no process and no file of its runs is left."""
    project = ShopProject(pytester.path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(project.tmp))
    monkeypatch.chdir(project.root)
    yield project
    left = project.processes()
    project.end_all()
    assert left == []
    assert list(project.tmp.iterdir()) == []


@pytest.fixture
def run(pytester: pytest.Pytester, shop_project: ShopProject) -> Callable[..., pytest.RunResult]:
    """`pytest --taskcontract` in the shop's folder, inside this process."""
    return lambda *options: pytester.runpytest_inprocess("-p", PLUGIN, "--taskcontract", *options)
