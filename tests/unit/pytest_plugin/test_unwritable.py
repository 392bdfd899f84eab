"""A call or an example that no JSON file can hold fails its own test, and loses nothing else of the run."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pytester"]

# An inner session forgets the modules that it imports; what is loaded already stays one and the same.
for module in (
    "taskcontract.declare.sending",
    "taskcontract.verification.recording.recording",
    "celery.app.amqp",
):
    import_module(module)

BINDINGS = """
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from celery import Celery
from pydantic import BaseModel
from taskcontract import Service, match

NAN, INF = float("nan"), float("inf")
shop, bank = Service("shop", queue="shop-queue"), Service("bank", queue="bank-queue")

class Model(BaseModel):
    price: float

@dataclass
class Line:
    prices: list[float]

@shop.task(version="1.0.0")
def plain(price: float) -> Any: ...
@shop.task(version="1.0.0")
def model(order: Model) -> Any: ...
@shop.task(version="1.0.0")
def line(order: Line) -> Any: ...
@shop.task(version="1.0.0")
def prices(values: list[float]) -> Any: ...
@shop.task(version="1.0.0")
def keyed(values: dict[float, int]) -> Any: ...
@shop.task(version="1.0.0")
def table(values: dict[str, float]) -> Any: ...
@shop.task(version="1.0.0")
def exact(price: Decimal) -> Any: ...
@shop.task(version="1.0.0")
def anything(value: Any) -> Any: ...
@shop.task(version="1.0.0")
def several(*values: Any, **more: Any) -> Any: ...
@bank.task(version="1.0.0")
def transfer(amount: int) -> str: ...

def deep(levels):
    return [deep(levels - 1)] if levels else 0

app = Celery("consumer", broker="amqp://127.0.0.1:1//", set_as_current=False)
shop.use(app)
bank.use(app)
"""

HEAD = "from shop_bindings import *\n"
GOOD = """
def test_good(contract):
    with contract("cafe", shop).expect(plain):
        plain.delay(2.5)

def test_bank(contract):
    with contract("cafe", bank).expect(transfer, returns="ok"):
        transfer.delay(3)
"""

CALLS = {
    "a float": ("plain", "plain.delay(NAN)", "'price'"),
    "a model's field": ("model", "model.delay(Model(price=NAN))", "'order'"),
    "in a dataclass's list": ("line", "line.delay(Line([1.0, INF]))", "'order'"),
    "a list's item": ("prices", "prices.delay([1.0, -INF])", "'values'"),
    "a dict's value": ("table", "table.delay({'a': NAN})", "'values'"),
    "under Any": ("anything", "anything.delay({'a': [1, {'b': NAN}]})", "'value'"),
    "under Any by keyword": ("anything", "anything.delay(value=INF)", "'value'"),
    "in *args": ("several", "several.delay(1, NAN)", "values"),
    "in **kwargs": ("several", "several.delay(a=NAN)", "'a'"),
    "past the delegate": ("anything", "app.send_task('shop.anything', [NAN], queue='shop-queue')", "'value'"),
    "half a character": ("anything", r"anything.delay('\ud800')", "'value'"),
    "too deep": ("anything", "anything.delay(deep(190))", "'value'"),
}
"""The expected task, the call, and what the error names."""

EXAMPLES = {
    "NaN as a result": "contract('cafe', shop).expect(anything, returns={'a': [NAN]})",
    "NaN in a matcher": "contract('cafe', shop).expect(anything, returns=match.like(INF))",
    "half a character": r"contract('cafe', shop).expect(anything, returns='\ud800')",
    "a state's parameter": "contract('cafe', shop).given('open', at=NAN).expect(anything)",
    "a state's object": "contract('cafe', shop).given('open', at=object()).expect(anything)",
    "a state's key": "contract('cafe', shop).given('open', at={1: 2}).expect(anything)",
    "a state's name": "contract('cafe', shop).given(7).expect(anything)",
    "a description": "contract('cafe', shop).upon(7).expect(anything)",
}


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyprojecttoml("[tool.taskcontract]\ncontracts = ['agreed']\n")
    pytester.makepyfile(shop_bindings=BINDINGS)
    pytester.syspathinsert()
    return pytester


def run(project: pytest.Pytester, *args: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "taskcontract.pytest_plugin.plugin", *args)


def written(folder: Path) -> dict[str, list[str]]:
    """The descriptions in each contract file."""
    return {
        file.name: [each["description"] for each in json.loads(file.read_text())["interactions"]]
        for file in sorted((folder / "agreed").glob("*.json"))
    }


WHOLE = {"cafe--bank.json": ["bank"], "cafe--shop.json": ["good"]}


def test_calls_that_no_contract_can_hold_fail_their_own_tests(project: pytest.Pytester) -> None:
    tests = [
        f'def test_{number}(contract):\n    with contract("cafe", shop).expect({task}):\n        {call}\n'
        for number, (task, call, _) in enumerate(CALLS.values())
    ]
    project.makepyfile(test_cafe=HEAD + "\n".join(tests) + GOOD)
    result = run(project, "--tb=short")
    result.assert_outcomes(passed=2, failed=len(CALLS))
    assert written(project.path) == WHOLE
    for number, (name, (_, _, said)) in enumerate(CALLS.items()):
        section = result.stdout.str().split(f" test_{number} _", 1)[1].split("\n____", 1)[0]
        assert said in section.partition("\nE ")[2], name
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_a_nan_that_has_a_json_form_is_no_traceback(project: pytest.Pytester) -> None:
    body = """
def test_key(contract):
    with contract("cafe", shop).expect(keyed):
        keyed.delay({NAN: 1})

def test_decimal(contract):
    with contract("cafe", shop).expect(exact):
        exact.delay(Decimal("NaN"))
"""
    project.makepyfile(test_cafe=HEAD + body + GOOD)
    result = run(project)
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert {file: set(names) - {"key", "decimal"} for file, names in written(project.path).items()} == {
        file: set(names) for file, names in WHOLE.items()
    }


def test_examples_that_no_contract_can_hold_fail_their_own_tests(project: pytest.Pytester) -> None:
    tests = [
        f"def test_{number}(contract):\n    with {block}:\n        anything.delay(1)\n"
        for number, block in enumerate(EXAMPLES.values())
    ]
    project.makepyfile(test_cafe=HEAD + "\n".join(tests) + GOOD)
    result = run(project)
    result.assert_outcomes(passed=2, failed=len(EXAMPLES))
    # The summary repeats each error where its lines are long enough, as they are under CI.
    told = [line for line in result.stdout.lines if line.startswith("E  ")]
    said = [line for line in told if "cannot stand in a contract" in line or "must be a text" in line]
    assert len(said) == len(EXAMPLES)
    assert written(project.path) == WHOLE


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), TypeError("odd"), RecursionError()]
)
def test_a_file_that_cannot_be_written_loses_no_other(
    error: Exception, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = Path.open

    def refuse(path: Path, mode: str = "r", **options: Any) -> Any:
        if "bank" in path.name and mode == "x":
            raise error
        return create(path, mode, **options)

    project.makepyfile(test_cafe=HEAD + GOOD)
    monkeypatch.setattr(Path, "open", refuse)
    result = run(project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert written(project.path) == {"cafe--shop.json": ["good"]}
    (line,) = [line for line in result.outlines if line.startswith("taskcontract: ") and "written" in line]
    assert "cafe--bank.json" in line
