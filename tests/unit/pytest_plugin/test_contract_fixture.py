"""The fixture `contract` in whole pytest sessions: what is written, kept, dropped and refused."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

# An inner session forgets the modules that it imports; what is loaded already stays one and the same.
for module in (
    "taskcontract.declare.sending",
    "taskcontract.verification.recording.recording",
    "celery.app.amqp",
):
    import_module(module)

BINDINGS = """
from celery import Celery
from taskcontract import Service, match

shop = Service("shop", queue="shop-queue")

@shop.task(version="1.0.0")
def price(item: str) -> str: ...

app = Celery("consumer", broker="amqp://127.0.0.1:1//", set_as_current=False)
shop.use(app)
"""

PASSING = """
from shop_bindings import *

def test_tea_is_priced(contract):
    with contract("cafe", shop).given("a shop").expect(price, returns=match.like("3 EUR")):
        assert price.delay("tea").get() == "3 EUR"
"""

SECOND = """
def test_milk_is_priced(contract):
    with contract("cafe", shop).expect(price):
        price.delay("milk")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # importing others' plugins takes seconds
    pytester.makepyprojecttoml("[tool.taskcontract]\ncontracts = ['agreed']\nconsumer = 'cafe'\n")
    pytester.makepyfile(shop_bindings=BINDINGS)
    pytester.syspathinsert()
    return pytester


def run(project: pytest.Pytester, *args: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "taskcontract.pytest_plugin.plugin", *args)


def interactions(project: pytest.Pytester) -> dict[str, Any]:
    file = contract_file(project)
    if not file.exists():
        return {}
    return {each["description"]: each for each in json.loads(file.read_text())["interactions"]}


def contract_file(project: pytest.Pytester) -> Path:
    return project.path / "agreed" / "cafe--shop.json"


def test_a_passing_test_is_written_by_its_name(project: pytest.Pytester) -> None:
    project.makepyfile(test_cafe=PASSING)
    result = run(project)
    result.assert_outcomes(passed=1)
    assert "wrote" in result.stdout.str()
    (interaction,) = interactions(project).values()
    assert interaction["description"] == "tea is priced"
    assert interaction["comments"] == {"testname": "test_cafe.py::test_tea_is_priced"}
    before = contract_file(project).read_bytes()
    assert "wrote" not in run(project).stdout.str()
    assert contract_file(project).read_bytes() == before


def test_names_descriptions_and_configured_consumer(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_cafe=PASSING
        + """
import pytest

@pytest.mark.parametrize("item", ["cake", "bun"])
def test_food_is_priced(contract, item):
    with contract(shop).expect(price):
        price.delay(item)

def test_named(contract):
    with contract(shop).upon("a jug of water is priced").expect(price):
        price.delay("water")
"""
    )
    run(project).assert_outcomes(passed=4)
    assert sorted(interactions(project)) == [
        "a jug of water is priced",
        "food is priced [bun]",
        "food is priced [cake]",
        "tea is priced",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("price.delay(3)", "parameter 'item'"),
        ("price.delay()", "missing 1 required positional argument: 'item'"),
        ("price.delay('tea', size=1)", "unexpected keyword argument 'size'"),
        ("app.send_task('shop.price', [3], queue='shop-queue')", "parameter 'item'"),
        ("pass", "were not made: price@1.0.0"),
        ("price.delay('tea'); assert not 'later'", "assert not 'later'"),
    ],
)
def test_a_failing_test_says_why_and_writes_nothing(project: pytest.Pytester, body: str, said: str) -> None:
    project.makepyfile(
        test_cafe=f"""
from shop_bindings import *

def test_tea_is_priced(contract):
    with contract("cafe", shop).expect(price):
        {body}
"""
    )
    result = run(project)
    result.assert_outcomes(failed=1)
    assert said in result.stdout.str()
    assert ".py:" in result.stdout.str()
    for ours in ("binder.py:", "sending.py:", "recording.py:", "amqp.py:"):
        assert ours not in result.stdout.str()
    assert not contract_file(project).exists()


def test_a_checkout_may_be_named_as_this_package_is(project: pytest.Pytester) -> None:
    checkout = project.mkdir("taskcontract")
    (checkout / "test_cafe.py").write_text(
        "from shop_bindings import *\n\n"
        "def order(item):\n    price.delay(item)\n\n"
        "def test_tea_is_priced(contract):\n"
        "    with contract('cafe', shop).expect(price):\n        order(3)\n"
    )
    result = run(project, "taskcontract/test_cafe.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*taskcontract/test_cafe.py:8:*", "*taskcontract/test_cafe.py:4:*"])
    for ours in ("binder.py:", "sending.py:", "recording.py:", "amqp.py:", "python.py:"):
        assert ours not in result.stdout.str()


def test_a_test_that_fails_after_its_block_writes_nothing(project: pytest.Pytester) -> None:
    project.makepyfile(test_cafe=PASSING + "    assert False\n")
    run(project).assert_outcomes(failed=1)
    assert not contract_file(project).exists()


@pytest.mark.parametrize(
    ("args", "kept"),
    [
        ((), ["tea is priced"]),  # the second test is gone from a file that was collected as a whole
        (("-k", "tea"), ["tea is priced"]),
        (("test_cafe.py::test_tea_is_priced",), ["milk is priced", "tea is priced"]),
        (("test_other.py",), ["milk is priced", "tea is priced", "water is priced"]),
    ],
)
def test_interactions_of_tests_that_are_gone(
    project: pytest.Pytester, args: tuple[str, ...], kept: list[str]
) -> None:
    project.makepyfile(test_cafe=PASSING + SECOND)
    run(project).assert_outcomes(passed=2)
    project.makepyfile(test_cafe=PASSING)
    if "test_other.py" in args:
        project.makepyfile(test_other="from shop_bindings import *\n" + SECOND.replace("milk", "water"))
    run(project, *args)
    assert sorted(interactions(project)) == kept


def test_interactions_of_tests_that_do_not_run_or_fail_are_kept(project: pytest.Pytester) -> None:
    project.makepyfile(test_cafe=PASSING + SECOND)
    run(project).assert_outcomes(passed=2)
    run(project, "-k", "tea").assert_outcomes(passed=1, deselected=1)
    project.makepyfile(test_cafe=PASSING + SECOND + "    assert False\n")
    run(project).assert_outcomes(passed=1, failed=1)
    assert sorted(interactions(project)) == ["milk is priced", "tea is priced"]


def test_interactions_of_a_file_that_is_gone_are_dropped(project: pytest.Pytester) -> None:
    project.makepyfile(test_cafe=PASSING, test_old="from shop_bindings import *\n" + SECOND)
    run(project).assert_outcomes(passed=2)
    (project.path / "test_old.py").unlink()
    run(project).assert_outcomes(passed=1)
    assert sorted(interactions(project)) == ["tea is priced"]


def test_one_description_for_two_calls_is_refused(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_cafe=PASSING,
        test_more="""
from shop_bindings import *

def test_tea_is_priced(contract):
    with contract("cafe", shop).expect(price):
        price.delay("green tea")
""",
    )
    result = run(project)
    result.assert_outcomes(passed=1, failed=1)
    assert "test_cafe.py::test_tea_is_priced" in result.stdout.str()
    assert ".upon(" in result.stdout.str()


def test_a_broken_contract_file_fails_the_test_and_stays_as_it_is(project: pytest.Pytester) -> None:
    contract_file(project).parent.mkdir()
    contract_file(project).write_text("{")
    project.makepyfile(test_cafe=PASSING)
    result = run(project)
    result.assert_outcomes(failed=1)
    assert "cut short" in result.stdout.str()
    assert contract_file(project).read_text() == "{"


def test_a_folder_that_cannot_be_written_ends_the_session_with_an_error(project: pytest.Pytester) -> None:
    (project.path / "taken").write_text("")
    project.makepyfile(test_cafe=PASSING)
    result = run(project, "--taskcontract-contracts", "taken/inner")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "cannot be written" in result.stdout.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_the_option_names_the_folder(project: pytest.Pytester) -> None:
    project.makepyfile(test_cafe=PASSING)
    run(project, "--taskcontract-contracts", "elsewhere").assert_outcomes(passed=1)
    assert (project.path / "elsewhere" / "cafe--shop.json").exists()


def test_a_wrong_party_is_refused(project: pytest.Pytester) -> None:
    project.makepyfile(test_cafe=PASSING.replace('contract("cafe", shop)', 'contract(shop, "cafe")'))
    result = run(project)
    result.assert_outcomes(failed=1)
    assert "between a consumer and a service" in result.stdout.str()
