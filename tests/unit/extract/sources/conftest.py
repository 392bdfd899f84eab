"""One project, and one repository of it, made once with the real git."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.git_projects import PROJECT, commit, git, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the settings of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two commits on main, a tag, a branch."""
    folder = tmp_path_factory.mktemp("template")
    git(folder, "init", "-q", "-b", "main")
    write(folder, PROJECT)
    commit(folder, "one")
    git(folder, "tag", "v1.0")
    git(folder, "branch", "topic")
    write(folder, {"shop/tasks.py": PROJECT["shop/tasks.py"].replace(b"int", b"str")})
    commit(folder, "two")
    return folder


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Path:
    """A copy of the template that a test may change."""
    folder = tmp_path / "repository"
    shutil.copytree(template, folder)
    git(folder, "update-index", "-q", "--refresh")
    return folder
