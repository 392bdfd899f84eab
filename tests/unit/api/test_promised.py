"""The Python API is a promise: what it has stands in promised.txt, and changes only on purpose."""

from __future__ import annotations

import re
import subprocess
import sys
from difflib import unified_diff
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import taskcontract
from taskcontract import errors
from tests.support.public_api import describe_api
from website.python import APART, MODULES

ROOT = Path(__file__).parents[3]
PROMISED = Path(__file__).with_name("promised.txt")
RENEW = """\
What users import is no longer as promised. Where that is meant, `make api` writes tests/unit/api/promised.txt
anew; say in docs/upgrading.md what a user has to change.
"""
DOCUMENTS = sorted(
    file
    for pattern in ("*.md", "docs/*.md", "bindings/*.py", "pusher/*.py", "examples/**/*.py", "demo/*.py")
    for file in ROOT.glob(pattern)
)
IMPORT = re.compile(
    r"^\s*(?:from (taskcontract[\w.]*) import ([\w, ]+)|import (taskcontract[\w.]*))", re.MULTILINE
)


def test_names_signatures_and_places_are_as_promised() -> None:
    now = describe_api().splitlines(keepends=True)
    then = PROMISED.read_text("utf-8").splitlines(keepends=True)
    changes = "".join(unified_diff(then, now, "promised", "now", n=0))

    assert now == then, f"{RENEW}\n{changes}"


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_promises_is_there_and_listed(name: str) -> None:
    module = import_module(name)

    assert len(set(module.__all__)) == len(module.__all__)
    assert [each for each in module.__all__ if getattr(module, each, None) is None] == []
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match=rf"module '{name}' has no attribute 'Servise'"):
        module.Servise  # noqa: B018


def test_each_error_is_promised() -> None:
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}

    assert set(errors.__all__) == classes


def test_the_version_is_the_installed_one() -> None:
    assert taskcontract.__version__ == version("taskcontract")
    assert "__version__" in dir(taskcontract)


@pytest.mark.process
def test_a_checkout_that_was_never_installed_has_no_version() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import taskcontract; print(taskcontract.__version__)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, cwd="/", timeout=60
    )

    assert (done.stdout, done.stderr) in {("0+unknown\n", ""), (f"{version('taskcontract')}\n", "")}


@pytest.mark.process
def test_importing_the_public_modules_loads_what_they_are_about_alone() -> None:
    light = ("diff", "embedded", "errors", "pact", "verification")
    code = f"import sys, taskcontract{''.join(f', taskcontract.{name}' for name in light)}; dir(taskcontract)"
    report = "print(*({'celery', 'kombu', 'pydantic', 'pytest', 'hypothesis'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; {report}"], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.strip() == ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_and_examples_import_nothing_that_is_private(document: Path) -> None:
    for home, names, whole in IMPORT.findall(document.read_text("utf-8")):
        module = home or whole
        if module in APART:
            continue
        assert module in MODULES, f"{module} is private"
        for name in re.findall(r"(\w+)(?: as \w+)?", names):
            assert name in import_module(module).__all__ or f"{module}.{name}" in MODULES, f"{module}.{name}"
