"""`pytest --taskcontract` with two services in one repository: each contract on the worker of its own app."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project
from tests.support.shop_project import PLUGIN
from tests.support.two_services import write_contracts, write_two_services

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`pytest --taskcontract` in a repository with the services billing and orders."""
    project = Project(pytester.path)
    write_two_services(project)
    write_contracts(project)
    (pytester.path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(pytester.path / "tmp"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.chdir(pytester.path)
    return lambda *options: pytester.runpytest_inprocess("-p", PLUGIN, "--taskcontract", *options)


def test_all_are_verified_each_on_its_own_worker(run: Run, pytester: pytest.Pytester) -> None:
    result = run("-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "taskcontract: billing: billing_app on embedded broker, *, worker pid *",
            "taskcontract: orders: orders_app on embedded broker, *, worker pid *",
            "contracts/billing/web--billing.json::twice the rate PASSED *",
            "contracts/web--orders.json::a free order FAILED *",
            "contracts/web--orders.json::an order PASSED *",
        ]
    )
    assert list((pytester.path / "tmp").iterdir()) == []


def test_one_may_be_chosen(run: Run) -> None:
    result = run("--taskcontract-service", "billing")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*orders_app*")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--taskcontract-service", "biling"], "*no service 'biling' is configured*"),
        (["--taskcontract-app", "billing_app"], "*--taskcontract-app is about one service*"),
    ],
)
def test_what_is_not_clear_is_asked_for(run: Run, options: list[str], said: str) -> None:
    result = run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])


def test_a_worker_that_does_not_start_takes_no_other_one_down(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "orders_app.py").write_text("raise RuntimeError('orders are broken')\n")
    result = run("--continue-on-collection-errors")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*orders are broken*"])
