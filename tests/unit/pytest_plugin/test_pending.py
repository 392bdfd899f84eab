"""What never passed breaks no build, until it has passed once; what has passed is remembered in a file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.shop_project import SHOP, ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]

GOOD = ask("order", "tea", 3, description="an item is ordered", result="s3://tea/3")
NEW = ask("order", "tea", 4, description="an order is free", result="free")
REMEMBER = ("--taskcontract-results", "results.json")


def test_what_never_passed_is_pending_until_it_has(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD, NEW)
    first = run("-rx", "--junitxml=report.xml", *REMEMBER)
    first.assert_outcomes(passed=1, xfailed=1)
    assert first.ret == 0
    first.stdout.fnmatch_lines(
        [
            "taskcontract: 1 pending, -rx shows which and why",
            "taskcontract: wrote results.json, which was not there: nothing had passed before; keep it *",
            "XFAIL contracts/web--shop.json::an order is free - pending: asked by web since 20*: "
            '$: "s3://tea/4" is not equal to "free"',
        ]
    )
    assert 'type="pytest.xfail" message="pending: asked by web since' in shop_project.read("report.xml")[0]
    (shop_project.root / "shop.py").write_text(SHOP.replace('return f"s3://{item}/', 'return f"s4://{item}/'))
    broken = run("--lf", *REMEMBER)
    broken.assert_outcomes(failed=1, xfailed=1)
    assert broken.ret == 1
    (entries,) = (json.loads(text) for text in ["".join(shop_project.read("results.json"))])
    assert [(each["description"], "passed" in each) for each in entries["interactions"]] == [
        ("an item is ordered", True),
        ("an order is free", False),
    ]
    assert entries["interactions"][0]["passed"]["version"] == "1.2.0"


def test_one_that_says_something_else_is_a_new_one(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD)
    run(*REMEMBER).assert_outcomes(passed=1)
    shop_project.write_contract(replace(GOOD, result="s3://tea/5"))
    run(*REMEMBER).assert_outcomes(xfailed=1)
    shop_project.write_contract(replace(GOOD, test="tests/test_other.py::test_moved"))
    run("-q", "--runxfail", *REMEMBER).assert_outcomes(passed=1)


def test_without_a_file_only_the_contract_itself_can_say_so(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(replace(NEW, pending=True), replace(NEW, description="another"))
    result = run("-rx")
    result.assert_outcomes(failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["XFAIL *an order is free - pending: asked by web, whose contract says so *"])


def test_an_expected_failure_can_be_asked_for(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(NEW)
    run("--runxfail", *REMEMBER).assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "results.json"),
        ("[]", "results.json"),
        ('{"results": 2, "interactions": []}', "format 2 of a results file"),
        ('{"results": 1, "interactions": [{}]}', "interactions[[]0]"),
    ],
)
def test_a_file_that_is_none_is_a_usage_error(
    text: str, said: str, run: Run, shop_project: ShopProject
) -> None:
    shop_project.write_contract(GOOD)
    shop_project.write("results.json", text)
    result = run(*REMEMBER)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(f"*{said}*")
    assert "".join(shop_project.read("results.json")) == text


def test_a_place_that_cannot_be_written_is_said(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD)
    result = run("--taskcontract-results", "nowhere/results.json")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines("*the results cannot be written*")
