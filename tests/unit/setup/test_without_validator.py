"""Without the extra `diff`, what compares says so at its start, and all else works as it does with it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.project import Done

pytestmark = pytest.mark.process

MISSING = """\
taskcontract: comparing task APIs needs jsonschema-rs, which is not installed
  Install it: pip install "taskcontract[diff]".
"""
BINDINGS = """\
from typing import Annotated

from annotated_types import Predicate
from taskcontract import Secret, Service


def is_even(number: int) -> bool:
    return number % 2 == 0


stock = Service("stock", queue="stock", version="{version}")


@stock.task(version="1.0.0")
def reserve(item: str, count: Annotated[int, Predicate(is_even)]) -> str: ...


@stock.task(version="2.0.0", supersedes=reserve)
def reserve_v2(item: str, count: Annotated[int, Predicate(is_even)], {more}) -> str: ...


@stock.task(version="1.0.0")
def unlock(pin: Annotated[int, Secret]) -> bool: ...
"""
APP = """\
from celery import Celery
from stock_bindings import reserve, reserve_v2, stock, unlock
from taskcontract import Call, Provider

app = Celery("stock", broker="memory://", backend="cache+memory://")
provider = Provider(app, stock)
stock.use(app)


@provider.implements(reserve_v2)
def do_reserve(item: str, count: int, note: str) -> str:
    return f"{count} x {item}"


@provider.implements(unlock)
def do_unlock(pin: int) -> bool:
    return True


@provider.upcasts(reserve)
def without_note(item: str, count: int) -> Call[str]:
    'There was no note.'
    return reserve_v2.call(item, count, note="")
"""
CONTRACT = """\
from stock import app
from stock_bindings import reserve, stock, unlock


def test_a_call(contract):
    with contract("shop", stock).expect(reserve, returns="2 x nut"):
        reserve.delay("nut", 2)


def test_a_secret(contract):
    with contract("shop", stock).expect(unlock, returns=True):
        unlock.delay(1234)
"""
BLOCK = "import sys\nsys.modules['jsonschema_rs'] = None\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A provider with two versions; what is published is 1.0.0."""
    project, block = tmp_path / "project", tmp_path / "block"
    for folder in (project, block):
        folder.mkdir()
    (block / "sitecustomize.py").write_text(BLOCK)
    (project / "pyproject.toml").write_text(
        '[tool.taskcontract]\napp = "stock"\nbindings = ["stock_bindings"]\n'
    )
    (project / "stock.py").write_text(APP)
    (project / "test_shop.py").write_text(CONTRACT)
    declare(project, "1.0.0", "note: str")
    return project


def declare(project: Path, version: str, more: str) -> None:
    (project / "stock_bindings.py").write_text(BINDINGS.format(version=version, more=more))


def run(project: Path, *arguments: str, blocked: bool = True) -> subprocess.CompletedProcess[str]:
    path = str(project.parent / "block") if blocked else ""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def succeed(project: Path, *arguments: str, blocked: bool = True) -> str:
    done = run(project, *arguments, blocked=blocked)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_each(project: Path, commands: list[str], *, blocked: bool) -> list[Done]:
    path = str(project.parent / "block") if blocked else ""
    return Project(project).run_each(
        [command.split() for command in commands],
        PYTHONPATH=path,
        NO_COLOR="1",
        PYTHONDONTWRITEBYTECODE="1",
    )


COMPARING = ["diff stock@1.0.0 stock_bindings", "check", "scaffold adapter reserve@1 reserve@2"]
OTHERS = ["snapshot stock_bindings", "generate stock_bindings", "rules", "explain param-renamed", "changelog"]


def test_a_comparison_asks_for_it_once(project: Path) -> None:
    succeed(project, "taskcontract", "snapshot", "stock_bindings", "--publish")
    declare(project, "2.0.0", "note: int")

    assert run_each(project, COMPARING, blocked=True) == [(2, "", MISSING)] * len(COMPARING)
    for done in run_each(project, COMPARING, blocked=False):
        assert "jsonschema-rs" not in done.stderr


def test_what_compares_nothing_says_the_same_without_it(project: Path) -> None:
    succeed(project, "taskcontract", "generate", "stock_bindings")
    without, whole = (run_each(project, OTHERS, blocked=it) for it in (True, False))

    assert without == [(0, done.stdout, done.stderr) for done in whole]


def test_a_spec_has_the_examples_that_stand_for_its_checks(project: Path) -> None:
    assert '"examples":' in succeed(project, "taskcontract", "snapshot", "stock_bindings").replace(" ", "")


def test_calls_are_sent_and_served(project: Path) -> None:
    (project / "calling.py").write_text(
        "import stock\nfrom stock_bindings import reserve\n"
        "stock.app.conf.task_always_eager = True\nprint(reserve.delay('nut', 2).get())\n"
    )

    assert succeed(project, "calling") == "2 x nut\n"


def test_a_contract_is_recorded_and_verified(project: Path) -> None:
    succeed(project, "pytest", "-q", "test_shop.py")
    recorded = (project / "contracts/shop--stock.json").read_text()
    succeed(project, "pytest", "-q", "--taskcontract", "contracts")
    succeed(project, "pytest", "-q", "test_shop.py", blocked=False)

    assert '"secrets"' in recorded
    assert "1234" not in recorded
    assert (project / "contracts/shop--stock.json").read_text() == recorded


def test_a_broken_installation_is_an_error_with_a_remedy(project: Path) -> None:
    (project.parent / "block/sitecustomize.py").write_text("")
    (project.parent / "block/jsonschema_rs.py").write_text("raise ImportError('wrong architecture')\n")
    succeed(project, "taskcontract", "snapshot", "stock_bindings", "--publish")
    (project / "stock_bindings.py").write_text(
        BINDINGS.format(version="2.0.0", more="note: str").replace("item: str", "item: int")
    )
    done = run(project, "taskcontract", "diff", "stock@1.0.0", "stock_bindings")

    assert (done.returncode, done.stdout) == (2, "")
    assert "jsonschema-rs, which confirms what a comparison finds, cannot be imported: wrong" in done.stderr
    assert "pip install --force-reinstall" in done.stderr
