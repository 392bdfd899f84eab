"""`pytest --taskcontract --taskcontract-examples N`, as its user runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

BINDINGS = """\
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pydantic
from taskcontract import Carried, Service

tenant = Carried("tenant", str)
locale = Carried("locale", str, keyword="_locale", required=False)
shop = Service("shop", queue="shop", carries=(tenant, locale))


class SoldOut(Exception):
    pass


@dataclass
class Note:
    item: str
    count: int


def is_even(value: int) -> int:
    if value % 2:
        raise ValueError("odd")
    return value


@shop.task(version="1.0.0", errors=(SoldOut,))
def reserve(item: str, count: int = 1, *, day: date | None = None) -> Note: ...


@shop.task(version="1.0.0")
def confirm(note: Note) -> str: ...


@shop.task(version="2.0.0", supersedes=confirm)
def confirm_v2(note: Note, by: str) -> str: ...


@shop.task(version="1.0.0", examples=False)
def charge(card: str) -> None: ...


@shop.task(version="1.0.0")
def even(number: Annotated[int, pydantic.AfterValidator(is_even)]) -> None: ...


@shop.task(version="1.0.0", ignore_result=True)
def clear(name: str) -> int: ...


@shop.task(version="1.0.0", sunset="2020-01-31")
def old() -> None: ...
"""
SERVICE = """\
import os
import time
from datetime import date
from pathlib import Path

from celery import Celery
from shop_bindings import Note, SoldOut, charge, clear, confirm, confirm_v2, even, old, reserve, shop
from taskcontract import Provider

app = Celery("shop")
provider = Provider(app, shop)
stock: list[int] = []


@provider.implements(reserve)
def do_reserve(item: str, count: int = 1, *, day: date | None = None) -> Note:
    if count > 1000:
        raise SoldOut("no")
    return Note(item, count)


@provider.implements(confirm_v2)
def do_confirm(note: Note, by: str) -> str:
    return FAULT


@provider.upcasts(confirm)
def by_nobody(note: Note):
    "Nobody said so."
    return confirm_v2.call(note, "nobody")


@provider.implements(charge)
def do_charge(card: str) -> None:
    Path("charged").touch()


@provider.implements(even)
def do_even(number: int) -> None:
    assert number % 2 == 0


@provider.implements(clear, examples={"stock": {"size": 3}})
def do_clear(name: str) -> int:
    assert len(stock) == 3
    return len(name)


@provider.implements(old)
def do_old() -> None: ...


@provider.state("stock")
def have_stock(size):
    stock.extend(range(size))
    yield
    stock.clear()
"""
PROJECT = """\
[tool.taskcontract]
app = "shop"
timeout = 30
"""
PLUGIN = (
    "-p",
    "taskcontract.pytest_plugin.plugin",
    "-p",
    "_hypothesis_pytestplugin",
    "-p",
    "no:cacheprovider",
)


class Session(NamedTuple):
    """What a session printed, and its exit code."""

    text: str
    code: int

    @property
    def outcomes(self) -> dict[str, str]:
        """`PASSED`, `FAILED` or `SKIPPED`, by the task's id."""
        return dict(re.findall(r"^examples::shop:(\S+) ([A-Z]+)", self.text, re.MULTILINE))


def run(folder: Path, fault: str, *options: str, count: str = "30") -> Session:
    """Run a session on the shop, in which `confirm_v2` returns what the expression `fault` says."""
    (folder / "shop_bindings.py").write_text(BINDINGS)
    (folder / "shop.py").write_text(SERVICE.replace("FAULT", fault))
    (folder / "pyproject.toml").write_text(PROJECT)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-v",
            *PLUGIN,
            "--taskcontract",
            f"--taskcontract-examples={count}",
            *options,
        ],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Session(done.stdout + done.stderr, done.returncode)


def test_each_version_is_tried_and_none_that_says_no(tmp_path: Path) -> None:
    session = run(tmp_path, "note.item")
    assert session.outcomes == {
        "charge@1.0.0": "SKIPPED",
        "clear@1.0.0": "PASSED",
        "confirm@1.0.0": "PASSED",
        "confirm@2.0.0": "PASSED",
        "even@1.0.0": "PASSED",
        "old@1.0.0": "SKIPPED",
        "reserve@1.0.0": "PASSED",
    }
    assert session.code == 0
    assert not (tmp_path / "charged").exists()
    assert "no examples of charge@1.0.0: the binding of charge@1.0.0 says examples=False" in session.text
    assert "no examples of old@1.0.0: old@1.0.0 had its sunset on 2020-01-31" in session.text


def test_the_smallest_call_is_shown_and_made_again(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        "note.item if note.count < 41 else 1 / 0",
        "--hypothesis-seed=1",
        "examples::shop:confirm@2.0.0",
        count="100",
    )
    assert session.outcomes == {"confirm@2.0.0": "FAILED"}
    assert "the task raised ZeroDivisionError: division by zero, which it does not declare" in session.text
    assert '{"item": "", "count": 41}' in session.text
    assert "reply   FAILURE ZeroDivisionError" in session.text
    assert 'shop.py", line' in session.text
    command = session.text.partition("To make the same calls again:\n")[2].splitlines()[0]
    assert "--taskcontract-examples 100 --hypothesis-seed=1 examples::shop:confirm@2.0.0" in command
    again = run(
        tmp_path,
        "note.item if note.count < 41 else 1 / 0",
        "--hypothesis-seed=1",
        "examples::shop:confirm@2.0.0",
        count="100",
    )
    assert again.outcomes == {"confirm@2.0.0": "FAILED"}
    assert '{"item": "", "count": 41}' in again.text


def test_a_result_of_another_type_is_a_failure(tmp_path: Path) -> None:
    session = run(tmp_path, "note.count", "-k", "confirm")
    assert session.outcomes == {"confirm@1.0.0": "FAILED", "confirm@2.0.0": "FAILED"}
    assert "the task raised ResultValueError" in session.text


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("os._exit(3) if note.count > 5 else ''", "the worker died (exit code 3) while it ran this task"),
        ("time.sleep(60) or ''", "no result within 1.5 s"),
    ],
)
def test_a_worker_that_dies_or_hangs_is_a_clear_failure(fault: str, said: str, tmp_path: Path) -> None:
    session = run(
        tmp_path, fault, "examples::shop:confirm@2.0.0", "--taskcontract-timeout", "1.5", count="60"
    )
    assert session.outcomes == {"confirm@2.0.0": "FAILED"}
    assert said in session.text
    assert "This call was not made smaller." in session.text


def test_a_worker_that_does_not_start_is_said_once(tmp_path: Path) -> None:
    session = run(tmp_path, "note.")
    assert session.text.count("SyntaxError: invalid syntax") == 1
    assert session.code == 2


@pytest.mark.parametrize("count", ["0", "1.5", "٣"])
def test_a_count_that_is_none_is_refused(count: str, tmp_path: Path) -> None:
    session = run(tmp_path, "''", count=count)
    assert "is not a whole number from 1" in session.text
    assert session.code == 4


def test_they_can_be_listed(tmp_path: Path) -> None:
    session = run(tmp_path, "''", "--collect-only", "examples::shop:even@1.0.0")
    assert "ExampleItem shop:even@1.0.0" in session.text
    assert "1 test collected" in session.text


def test_processes_share_them_and_a_seed(tmp_path: Path) -> None:
    note = 'Path("calls.txt").open("a").write(f"{note} {by!r}\\n") and note.item'
    shared = run(tmp_path, note, "-p", "xdist", "-n", "2")
    assert "5 passed, 2 skipped" in shared.text
    assert shared.text.count("no examples of charge@1.0.0: the binding of charge@1.0.0 says") == 1
    (seed,) = re.findall(r"--hypothesis-seed=(\d+)$", shared.text, re.MULTILINE)
    calls = (tmp_path / "calls.txt").read_text().splitlines()
    (tmp_path / "calls.txt").unlink()
    alone = run(tmp_path, note, f"--hypothesis-seed={seed}")
    assert "5 passed, 2 skipped" in alone.text
    assert len(calls) >= 60
    assert sorted((tmp_path / "calls.txt").read_text().splitlines()) == sorted(calls), "no more, no others"


def test_a_failure_in_another_process_is_made_again_alone(tmp_path: Path) -> None:
    fault = "note.item if note.count < 41 else 1 / 0"
    shared = run(tmp_path, fault, "-p", "xdist", "-n", "2", count="100")
    command = shared.text.partition("To make the same calls again:\n")[2].splitlines()[0]
    options = command.split()[2:]
    alone = run(tmp_path, fault, *options, count="100")
    (task,) = re.findall(r"examples::shop:(\S+)", command)
    assert alone.outcomes == {task: "FAILED"}
    call = re.findall(r"^.*sent .*$", shared.text, re.MULTILINE)[0]
    assert call in alone.text
