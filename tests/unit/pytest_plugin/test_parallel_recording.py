"""Consumers' tests under pytest-xdist: the contract is what one process would have written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]

BINDINGS = """
from celery import Celery
from taskcontract import Service, match

shop = Service("shop", queue="shop-queue")
bank = Service("bank", queue="bank-queue")

@shop.task(version="1.0.0")
def price(item: str) -> str: ...

@bank.task(version="1.0.0")
def pay(amount: int) -> str: ...

app = Celery("consumer", broker="amqp://127.0.0.1:1//", set_as_current=False)
shop.use(app)
bank.use(app)
"""

MANY = """
import pytest
from shop_bindings import *

@pytest.mark.parametrize("item", [f"item {n}" for n in range(12)])
def test_priced(contract, item):
    with contract("cafe", shop).expect(price, returns=match.like("3 EUR")):
        price.delay(item)
    with contract("cafe", bank).expect(pay):
        pay.delay(3)
"""

ONE = """
from shop_bindings import *

def test_{name}(contract):
    with contract("cafe", shop).expect(price):
        price.delay("{name}")
{more}
"""

TWINS = """
from shop_bindings import *

def test_{name}(contract):
    with contract("cafe", shop).upon("the same words").expect(price):
        price.delay("{name}")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyprojecttoml("[tool.taskcontract]\ncontracts = ['agreed']\n")
    pytester.makepyfile(shop_bindings=BINDINGS)
    return pytester


def run(project: pytest.Pytester, *args: str, processes: int = 2) -> pytest.RunResult:
    many = ("-n", str(processes), "--dist", "load") if processes else ()
    return project.runpytest_subprocess(
        "-p", "xdist", "-p", "taskcontract.pytest_plugin.plugin", *many, *args, timeout=120
    )


def contracts(project: pytest.Pytester) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder(project).glob("*.json"))}


def descriptions(project: pytest.Pytester) -> list[str]:
    content: dict[str, Any] = json.loads((folder(project) / "cafe--shop.json").read_text())
    return [each["description"] for each in content["interactions"]]


def folder(project: pytest.Pytester) -> Path:
    return project.path / "agreed"


def test_many_processes_write_what_one_writes(project: pytest.Pytester) -> None:
    project.makepyfile(test_many=MANY)
    run(project, processes=0).assert_outcomes(passed=12)
    alone = contracts(project)
    for file in folder(project).iterdir():
        file.unlink()
    result = run(project)
    result.assert_outcomes(passed=12)
    assert contracts(project) == alone
    result.stdout.fnmatch_lines(["taskcontract: wrote agreed?cafe--shop.json (12 interactions: 12 new)"])


def write_tests(project: pytest.Pytester, **names: tuple[str, str]) -> None:
    project.makepyfile(
        **{f"test_{file}": ONE.format(name=name, more=more) for file, (name, more) in names.items()}
    )


def test_what_is_in_the_file_follows_the_tests_that_ran(project: pytest.Pytester) -> None:
    write_tests(project, passing=("milk", ""), failing=("tea", ""), gone=("cocoa", ""))
    run(project, processes=0).assert_outcomes(passed=3)
    write_tests(project, failing=("tea", "    assert False"), gone=("coffee", ""))
    run(project)
    assert descriptions(project) == ["coffee", "milk", "tea"]


def test_what_a_process_took_along_stays_in_the_file(project: pytest.Pytester) -> None:
    write_tests(project, passing=("milk", ""), ending=("tea", ""))
    run(project, processes=0).assert_outcomes(passed=2)
    write_tests(project, ending=("tea", "    import os; os._exit(3)"))
    run(project)
    assert descriptions(project) == ["milk", "tea"]


def test_two_processes_that_say_two_things_fail_the_session(project: pytest.Pytester) -> None:
    project.makepyfile(test_a=TWINS.format(name="tea"), test_b=TWINS.format(name="milk"))
    result = run(project, processes=2)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["*two different interactions of cafe with shop are both called*"])


def test_a_contract_that_cannot_be_written_fails_the_session(project: pytest.Pytester) -> None:
    project.makepyfile(test_a=ONE.format(name="tea", more=""))
    folder(project).write_text("a file where the folder should be")
    result = run(project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["taskcontract: *agreed*cannot be written*"])
