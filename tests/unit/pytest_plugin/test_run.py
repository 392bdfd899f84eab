"""`pytest --taskcontract` in a provider's folder: what is collected, replayed and reported."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING

import pytest

# Loaded here, so that they need not be loaded anew in each run inside this process.
from taskcontract.model.contract import ProviderState
from taskcontract.model.version import parse_version
from tests.support.shop_project import PLUGIN, SHOP, ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., pytest.RunResult]

pytest_plugins = ["pytester"]

parse_version("1.0.0")
PACT = '"metadata": {"pactSpecification": {"version": "4.0"}}'
PARTIES = '"consumer": {"name": "web"}, "provider": {"name": "shop"}'


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopProject]:
    """The shop, as the folder that pytest runs in."""
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
def run(pytester: pytest.Pytester, project: ShopProject) -> Run:
    return lambda *options: pytester.runpytest_inprocess("-p", PLUGIN, "--taskcontract", *options)


@pytest.fixture
def two_contracts(project: ShopProject) -> None:
    good = {"description": "an item is ordered", "result": "s3://tea/3"}
    bad = {"description": "an order is free", "result": "free"}
    project.write_contract(ask("order", "tea", 3, **good), ask("order", "tea", 4, **bad))
    project.write_contract(ask("order", "tea", 3, **good), consumer="app")
    project.write("test_own.py", "def test_own():\n    assert False, 'not asked for'\n")


@pytest.mark.usefixtures("two_contracts")
def test_whole_run(run: Run) -> None:
    result = run("-v", "--junitxml=report.xml")
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "taskcontract: shop on embedded broker, threads pool of 4, worker pid *",
            "contracts/app--shop.json::an item is ordered PASSED *",
            "contracts/web--shop.json::an item is ordered PASSED *",
            "contracts/web--shop.json::an order is free FAILED *",
            "*web: an order is free*",
            '$: "s3://tea/4" is not equal to "free"',
            "",
            "sent    shop.order 1.0.0 by web to the queue shop",
            'args    ["tea", 4]',
            'reply   SUCCESS "s3://tea/4"',
            "log",
            "  *INFO    received",
            "  *INFO    packing tea",
            "  *INFO    succeeded in *",
            'FAILED contracts/web--shop.json::an order is free - $: "s3://tea/4" is not*',
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.usefixtures("two_contracts")
@pytest.mark.parametrize(
    ("options", "passed", "failed"),
    [
        (["contracts/web--shop.json"], 1, 1),
        (["contracts/web--shop.json::an item is ordered"], 1, 0),
        (["test_own.py"], 0, 1),
        (["-k", "free"], 0, 1),
        (["-k", "ordered and not web"], 1, 0),
        (["-x", "-k", "web"], 1, 1),
    ],
)
def test_selection(options: list[str], passed: int, failed: int, run: Run) -> None:
    outcome = run(*options).parseoutcomes()
    assert (outcome.get("passed", 0), outcome.get("failed", 0)) == (passed, failed)


@pytest.mark.usefixtures("two_contracts")
def test_last_failed(run: Run) -> None:
    run("-q")
    run("-q", "--lf").assert_outcomes(failed=1)


@pytest.mark.usefixtures("two_contracts")
def test_collect_only_starts_no_worker(run: Run, project: ShopProject) -> None:
    result = run("--collect-only", "-q")
    assert result.outlines[:3] == [
        "contracts/app--shop.json::an item is ordered",
        "contracts/web--shop.json::an item is ordered",
        "contracts/web--shop.json::an order is free",
    ]
    assert project.read("runs.txt") == []


def test_names_are_unique_and_whole(run: Run, project: ShopProject) -> None:
    names = ["a::b", "a b 1.0", "a\nb 1.0"]
    project.write_contract(*(ask("plain", description=name, result={"given": None}) for name in names))
    result = run("-v")
    result.assert_outcomes(passed=3)
    for name in ("a:b", "a b 1.0", "a b 1.0 #2"):
        result.stdout.fnmatch_lines(f"contracts/web--shop.json::{name} PASSED *")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "*web--shop.json*"),
        ("[]", "*web--shop.json*"),
        ('{"consumer": {"name": "w', "*web--shop.json*"),
        (f'{{{PARTIES}, "interactions": [], {PACT.replace("4.0", "2.0.0")}}}', "*2.0.0*"),
        (f'{{"provider": {{"name": "shop"}}, "interactions": [], {PACT}}}', "*consumer*"),
    ],
)
def test_unreadable_contract(text: str, said: str, run: Run, project: ShopProject) -> None:
    project.write("contracts/web--shop.json", text)
    result = run()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(said)
    result.stdout.no_fnmatch_line("*Traceback*")


def test_contract_that_asks_for_what_is_not_there(run: Run, project: ShopProject) -> None:
    project.write_contract(
        ask("gone", description="a"),
        ask("order", "tea", 3, version="3.0.0", description="b"),
        ask("plain", states=(ProviderState("full"),), description="c"),
        ask("plain", queue="attic", description="d"),
        ask("plain", description="e"),
    )
    result = run()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        [
            "*web--shop.json: 'a': the provider has no task 'shop.gone'",
            "*web--shop.json: 'b': the provider has shop.order at version 1.2.0, *asks for 3.0.0",
            "*web--shop.json: 'c': the provider declares no state 'full'",
            "*web--shop.json: 'd': *'attic', which the worker does not consume",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_contract_of_another_provider(run: Run, project: ShopProject) -> None:
    mine = project.write_contract(ask("plain", result={"given": None}))
    other = mine.read_text(encoding="utf-8").replace('"name": "shop"', '"name": "bank"')
    project.write("contracts/web--bank.json", other)
    left_out = run()
    left_out.assert_outcomes(passed=1)
    left_out.stdout.fnmatch_lines("taskcontract: other services provide web--bank.json")
    named = run("contracts/web--bank.json")
    assert named.ret == pytest.ExitCode.INTERRUPTED
    named.stdout.fnmatch_lines("*this contract is for 'bank', and the worker serves 'shop'")


def test_worker_that_does_not_start_is_told_once(run: Run, project: ShopProject) -> None:
    project.write("shop.py", f"import shop_that_is_closed\n{SHOP}")
    for consumer in ("app", "web", "zoo"):
        project.write_contract(ask("plain"), consumer=consumer)
    result = run()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    output = result.stdout.str()
    assert output.count("ModuleNotFoundError: No module named 'shop_that_is_closed'") == 1
    assert output.count("the first error says why") == 2
    assert "taskcontract/verification" not in output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--taskcontract-pool", "gevent"], "*--taskcontract-pool: 'gevent' is not allowed here*"),
        (["--taskcontract-timeout", "soon"], "*--taskcontract-timeout: 'soon' is not allowed here*"),
        (["--taskcontract-contracts", "nowhere"], "*there are no contracts*nowhere*"),
    ],
)
def test_usage_errors(options: list[str], said: str, run: Run) -> None:
    result = run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(said)


@pytest.mark.usefixtures("two_contracts")
def test_no_app_is_a_usage_error(run: Run, project: ShopProject) -> None:
    project.write("pyproject.toml", "[tool.taskcontract]\n")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*no app is configured*")


def test_options_win_over_the_file(run: Run, project: ShopProject) -> None:
    project.write("pyproject.toml", '[tool.taskcontract]\napp = "closed"\ntimeout = 0.001\n')
    project.write_contract(ask("plain", result={"given": None}))
    result = run(
        "--taskcontract-app", "shop:app", "--taskcontract-timeout", "5", "--taskcontract-pool", "solo"
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines("taskcontract: shop:app on embedded broker, solo pool of 4, *")


def test_published_specs_beside_contracts_are_none(run: Run, project: ShopProject) -> None:
    project.write("contracts/shop/1.0.0.json", json.dumps({"name": "shop"}))
    project.write_contract(ask("plain", result={"given": None}))
    run().assert_outcomes(passed=1)
    run("contracts").assert_outcomes(passed=1)
