"""`taskcontract scaffold adapter`: what maps is filled in, what does not is asked, nothing is overwritten."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.celery_worker import ROOT
from tests.support.project import PUSHER
from tests.support.type_checked import check_types

if TYPE_CHECKING:
    from tests.support.project import Project

APP = """\
from celery import Celery
from store import Stored, pusher, send_to_s3_v2
from taskcontract import Provider

app = Celery("pusher", set_as_current=False)
provider = Provider(app, pusher)


@provider.implements(send_to_s3_v2)
def send(key: str, content: str, meta: dict[str, str]) -> Stored:
    return Stored(key)
"""

SHOP = """\
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

from pydantic import Field
from taskcontract import Secret, Service
from typing_extensions import TypedDict

shop = Service("shop")


class Colour(Enum):
    RED = "red"


class SoldOutError(Exception):
    pass


class StockError(Exception):
    pass


class Bill(TypedDict):
    number: int
    total: float
    place: str


@dataclass
class Receipt:
    number: int
    total: str
    day: date


"""

DECLARED = """
@shop.task(version="1.0.0"{old_options})
def sell({old}) -> {was}: ...


@shop.task(version="2.0.0", supersedes=sell{new_options})
def sell_v2({new}) -> {now}: ...
"""


def scaffold(
    project: Project, old: str, new: str, *, was: str = "int", now: str = "int", **options: str
) -> str:
    """The adapters that are written for two signatures."""
    options = {"old_options": "", "new_options": "", **options}
    project.write("bindings/shop.py", SHOP + DECLARED.format(old=old, new=new, was=was, now=now, **options))
    done = project.run(
        *("scaffold", "adapter", "sell@1", "sell@2", "--bindings", "bindings.shop"),
        *(
            "--provider",
            "shop.app:provider",
            "--test",
            str(project.root / f"{hash((old, new, was, now))}.py"),
        ),
    )
    assert done.returncode == 0, done.stderr
    compile(done.stdout, "adapters.py", "exec")
    return done.stdout.partition("@provider")[2]


@pytest.mark.parametrize(
    ("old", "new", "call", "question"),
    [
        ("item: str", "item: str", "item=item", ""),
        ("item: str", "item: str, count: int = 1", "item=item", ""),
        ("item: str", "item: str, count: int", "item=item, count=count", "give no 'count': say what it is"),
        ("item: str", "article: str", "article=item", ""),
        ("item: str, /", "item: str, /", "item", ""),
        ("item: str, *, gift: bool = False", "item: str, *, gift: bool", "item=item, gift=gift", ""),
        ("count: int", "count: int | None", "count=count", ""),
        ("count: int", "count: Any", "count=count", ""),
        ("count: int", "count: str", "count=new_count", "'count' was int and is str: make it one for 2.0.0"),
        (
            "count: int",
            "count: Annotated[int, Field(ge=0)]",
            "count=new_count",
            "takes all values, such as -1",
        ),
        ("count: Annotated[int, Field(gt=0)]", "count: int", "count=count", ""),
        ("token: Annotated[str, Secret]", "token: str", "token=token", ""),
        ("item: str, colour: str", "item: str", "item=item", "2.0.0 has no 'colour': say what becomes of it"),
        ("item: str, *more: int", "item: str, *more: int", "item, *more", ""),
        (
            "item: str, *more: int",
            "item: str, count: int = 1, *more: int",
            "item, count, *more",
            "no 'count'",
        ),
        ("**extra: int", "**others: int", "**extra", ""),
        ("item: str, **extra: int", "item: str", "item=item", "2.0.0 has no 'extra'"),
    ],
)
def test_parameters_that_map_by_name_are_filled_in(
    project: Project, old: str, new: str, call: str, question: str
) -> None:
    text = scaffold(project, old, new)
    assert f"return sell_v2.call({call})" in text
    assert f"def upcast_sell({old}) -> Call[int]:" in text
    assert ("raise NotImplementedError" in text) == bool(question)
    assert question in text
    assert "downcasts" not in text


def test_defaults_are_those_of_the_binding(project: Project) -> None:
    old = 'colour: Colour = Colour.RED, name: str = "x", *, day: date | None = None'
    text = scaffold(project, old, old)
    assert old in " ".join(text.replace("(\n", "(").split())


@pytest.mark.parametrize(
    ("was", "now", "lines"),
    [
        ("int", "str", ["2.0.0 returns str: say what of it is int for callers of 1.0.0"]),
        ("int", "Receipt", ["returns Receipt (number, total, day): say what of it is int"]),
        ("None", "int", ["-> None:", "return None"]),
        (
            "Bill",
            "Receipt",
            ["say what 'total' (float)", "return Bill(number=result.number, total=total, place=place)"],
        ),
        ("Receipt", "Bill", ['number=result["number"]', "say what 'total' (str)", "total=total, day=day"]),
    ],
)
def test_results_are_read_member_by_member(project: Project, was: str, now: str, lines: list[str]) -> None:
    text = scaffold(project, "", "", was=was, now=now)
    assert f"def downcast_sell(result: {now}) -> {was}:" in text
    for line in lines:
        assert line in text


def test_errors_that_old_callers_do_not_know_are_mapped(project: Project) -> None:
    text = scaffold(
        project,
        "",
        "",
        old_options=", errors=(SoldOutError,)",
        new_options=", errors=(StockError, SoldOutError)",
    )
    assert "@provider.maps_error(sell, StockError)" in text
    assert "def map_stock_error_of_sell(error: StockError) -> SoldOutError:" in text
    assert "return SoldOutError(*error.args)" in text
    assert text.count("maps_error") == 1
    text = scaffold(
        project,
        "a: int",
        "a: int",
        old_options=", errors=(KeyError, OSError)",
        new_options=", errors=(StockError,)",
    )
    assert "say which of KeyError and OSError callers of 1.0.0 get" in text


@pytest.mark.process
@pytest.mark.slow
def test_what_is_written_type_checks_and_its_test_asks_until_all_is_decided(project: Project) -> None:
    project.write("store.py", PUSHER)
    project.write("service.py", APP)
    written = ("-o", "adapters.py", "--test", "test_adapters.py")
    command = ("scaffold", "adapter", "send_to_s3@1", "send_to_s3@2", "--bindings", "store")
    done = project.run_process(*command, "--app", "service", *written)
    assert (done.returncode, done.stderr) == (0, "adapters.py: written\ntest_adapters.py: written\n")
    project.write("conftest.py", "import adapters")

    assert check_types(project.root, "adapters.py", "test_adapters.py").startswith("Success")

    undecided = run_tests(project)
    assert "callers of 1.0.0 give no 'meta': say what it is for them" in undecided
    assert "send_to_s3('', '')" in undecided.replace("key=", "").replace("content=", "")

    adapters = (project.root / "adapters.py").read_text()
    decided = adapters.replace(
        "raise NotImplementedError(\"callers of 1.0.0 give no 'meta': say what it is for them\")", "meta = {}"
    )
    project.write("adapters.py", decided)
    assert "2.0.0 returns Stored (url)" in run_tests(project)
    head, _, _ = decided.partition('    """1.0.0 returned str."""\n')
    project.write("adapters.py", head + '    """The URL alone."""\n    return result.url\n')
    assert "1 passed" in run_tests(project)


def run_tests(project: Project) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_adapters.py"]
    environment = {**os.environ, "PYTHONPATH": f".:{ROOT}"}
    return subprocess.run(
        command, cwd=project.root, capture_output=True, text=True, timeout=120, check=False, env=environment
    ).stdout


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("send_to_s3@2", "send_to_s3@1"), "send_to_s3@1.0.0 is not newer than send_to_s3@2.0.0"),
        (("send_to_s3@1", "send_to_s3@1"), "is not newer"),
        (("send_to_s3@1", "sell@1"), "no service declares 'sell@1'"),
        (("send_to_s3@1", "send_to_s3@9"), "no version '9'"),
        (("send_to_s3@1", "send_to_s3@2", "--provider", "nowhere"), "Write it as pusher.tasks:provider"),
        (("send_to_s3@1", "send_to_s3@2", "--test", "bindings/pusher.py"), "this file exists already"),
        (("send_to_s3@1", "send_to_s3@2", "-o", "x.py", "--test", "bindings/pusher.py"), "exists already"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    project: Project, arguments: tuple[str, ...], fact: str
) -> None:
    before = sorted(project.root.rglob("*.py"))
    usual = ("--provider", "service:provider", "--bindings", "bindings.pusher")
    done = project.run("scaffold", "adapter", *usual, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert fact in done.stderr
    assert sorted(project.root.rglob("*.py")) == before


def test_both_parts_on_the_terminal_are_one_module(project: Project) -> None:
    usual = ("--provider", "service:provider", "--bindings", "bindings.pusher")
    done = project.run("scaffold", "adapter", "send_to_s3@1", "send_to_s3@2", *usual)
    compile(done.stdout, "both.py", "exec")
    assert "def test_adapters_of_send_to_s3_are_sound() -> None:" in done.stdout
