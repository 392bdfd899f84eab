"""What is read statically is what Celery registers when the same project is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.extract.static.project import read_project
from taskcontract.model.service import MISSING
from tests.support.source_trees import Texts
from tests.unit.extract.static.styles import STYLES

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {
    "positional-only": "positional-only",
    "positional or keyword": "positional-or-keyword",
    "variadic positional": "var-positional",
    "keyword-only": "keyword-only",
    "variadic keyword": "var-keyword",
}


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each style -> what Celery registers; all of them in one process."""
    folders: dict[str, Path] = {name: tmp_path_factory.mktemp("style") for name in STYLES}
    for name, folder in folders.items():
        Texts(STYLES[name]).write(folder)
    command = [sys.executable, "-m", "tests.support.celery_tasks", *map(str, folders.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    said = json.loads(done.stdout)
    return {name: said[str(folder)] for name, folder in folders.items()}


@pytest.mark.process
@pytest.mark.parametrize("style", STYLES)
def test_the_tasks_that_celery_registers_are_read(style: str, registered: dict[str, Any]) -> None:
    assert registered[style], "Celery cannot import it"
    expected = {
        name: [(each, KINDS[kind], default) for each, kind, default in parameters]
        for name, parameters in registered[style].items()
    }
    found = read_project(Texts(STYLES[style]))
    assert {
        task.wire_name: [(each.name, each.kind, each.default is not MISSING) for each in task.parameters]
        for task in found.spec.tasks
    } == expected
    assert not found.unresolved
