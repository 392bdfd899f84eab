"""`pytest --taskcontract` in a provider's folder: what is collected, replayed and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.shop_project import SHOP, ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]


@pytest.fixture
def two_contracts(shop_project: ShopProject) -> None:
    good = {"description": "an item is ordered", "result": "s3://tea/3"}
    bad = {"description": "an order is free", "result": "free"}
    shop_project.write_contract(ask("order", "tea", 3, **good), ask("order", "tea", 4, **bad))
    shop_project.write_contract(ask("order", "tea", 3, **good), consumer="app")
    shop_project.write("test_own.py", "def test_own():\n    assert False, 'not asked for'\n")


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
    ("options", "selected"),
    [
        (["contracts/web--shop.json"], ["web: ordered", "web: free"]),
        (["contracts/web--shop.json::an item is ordered"], ["web: ordered"]),
        (["test_own.py"], ["own"]),
        (["-k", "free"], ["web: free"]),
        (["-k", "ordered and not web"], ["app: ordered"]),
    ],
)
def test_selection(options: list[str], selected: list[str], run: Run) -> None:
    ids = {
        "app: ordered": "contracts/app--shop.json::an item is ordered",
        "web: ordered": "contracts/web--shop.json::an item is ordered",
        "web: free": "contracts/web--shop.json::an order is free",
        "own": "test_own.py::test_own",
    }
    found = run("--collect-only", "-q", *options).outlines
    assert [line for line in found if "::" in line] == [ids[each] for each in selected]


@pytest.mark.usefixtures("two_contracts")
def test_what_is_selected_runs(run: Run) -> None:
    run("-x", "-k", "web").assert_outcomes(passed=1, failed=1, deselected=1)


@pytest.mark.usefixtures("two_contracts")
def test_last_failed(run: Run) -> None:
    run("-q")
    run("-q", "--lf").assert_outcomes(failed=1)


@pytest.mark.usefixtures("two_contracts")
def test_collect_only_starts_no_worker(run: Run, shop_project: ShopProject) -> None:
    result = run("--collect-only", "-q")
    assert result.outlines[:3] == [
        "contracts/app--shop.json::an item is ordered",
        "contracts/web--shop.json::an item is ordered",
        "contracts/web--shop.json::an order is free",
    ]
    assert shop_project.read("runs.txt") == []


def test_names_are_unique_and_whole(run: Run, shop_project: ShopProject) -> None:
    names = ["a::b", "a b 1.0", "a\nb 1.0"]
    shop_project.write_contract(*(ask("plain", description=name, result={"given": None}) for name in names))
    result = run("-v")
    result.assert_outcomes(passed=3)
    for name in ("a:b", "a b 1.0", "a b 1.0 #2"):
        result.stdout.fnmatch_lines(f"contracts/web--shop.json::{name} PASSED *")


def test_worker_that_does_not_start_is_told_once(run: Run, shop_project: ShopProject) -> None:
    shop_project.write("shop.py", f"import shop_that_is_closed\n{SHOP}")
    for consumer in ("app", "web", "zoo"):
        shop_project.write_contract(ask("plain"), consumer=consumer)
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
def test_no_app_is_a_usage_error(run: Run, shop_project: ShopProject) -> None:
    shop_project.write("pyproject.toml", "[tool.taskcontract]\n")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*no app is configured*")


def test_options_win_over_the_file(run: Run, shop_project: ShopProject) -> None:
    shop_project.write("pyproject.toml", '[tool.taskcontract]\napp = "closed"\ntimeout = 0.001\n')
    shop_project.write_contract(ask("plain", result={"given": None}))
    result = run(
        "--taskcontract-app", "shop:app", "--taskcontract-timeout", "5", "--taskcontract-pool", "solo"
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines("taskcontract: shop:app on embedded broker, solo pool of 4, *")
