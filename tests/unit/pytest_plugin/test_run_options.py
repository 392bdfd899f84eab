"""`pytest --taskcontract` together with what pytest's users are used to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import Contract, ProviderState
from taskcontract.model.pact_writing import dump_contract
from tests.support.shop_project import ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., pytest.RunResult]

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]


@pytest.fixture
def contracts(shop_project: ShopProject) -> None:
    for consumer in ("app", "web", "zoo"):
        calls = [
            ask("order", consumer, n, result=f"s3://{consumer}/{n}", description=f"{n}") for n in range(6)
        ]
        bad = ask("plain", 1, result={"given": 2}, description="bad")
        shop_project.write_contract(*calls, bad, consumer=consumer)


@pytest.mark.usefixtures("contracts")
@pytest.mark.parametrize(
    ("options", "selected", "deselected"),
    [
        (["--taskcontract-consumer", "web"], 7, 14),
        (["--taskcontract-consumer", "web, app", "-k", "bad"], 2, 19),
        (["-p", "no:cacheprovider", "-k", "web and bad"], 1, 20),
    ],
)
def test_selection(options: list[str], selected: int, deselected: int, run: Run) -> None:
    last = run("--collect-only", "-q", *options).outlines[-1]
    assert last.startswith(f"{selected}/{selected + deselected} tests collected ({deselected} deselected)")


@pytest.mark.usefixtures("contracts")
def test_what_is_selected_runs(run: Run) -> None:
    counts = run("contracts/zoo--shop.json", "--taskcontract-consumer=zoo", "-x").parseoutcomes()
    assert counts == {"passed": 6, "failed": 1}


@pytest.mark.usefixtures("contracts")
def test_unknown_consumers_are_named(run: Run) -> None:
    result = run("--taskcontract-consumer", "web,wbe")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*no contract of 'wbe'; there are some of 'app', 'web', 'zoo'*")


@pytest.mark.usefixtures("contracts")
def test_failed_ones_first_and_the_time_that_each_took(run: Run, shop_project: ShopProject) -> None:
    nap = ask("nap", 0.3, result=0.3, description="nap")
    shop_project.write_contract(nap, consumer="slow")
    run("-q", "-k", "bad or slow")
    result = run("--ff", "--durations=1", "-v")
    ids = [line.split(" ")[0] for line in result.outlines if "::" in line and "%]" in line]
    assert ids[:3] == [f"contracts/{consumer}--shop.json::bad" for consumer in ("app", "web", "zoo")]
    result.stdout.fnmatch_lines(["*s call * contracts/slow--shop.json::nap"])


@pytest.mark.usefixtures("contracts")
def test_many_processes(shop_project: ShopProject) -> None:
    shop_project.write_contract(
        *(ask("order", "tea", n, result="s3://tea/0", description=f"new {n}") for n in range(3)),
        consumer="new",
    )
    options = ("-p", "xdist", "-n", "2", "-v", "--taskcontract-results", "results.json")
    code, output = shop_project.pytest(*options)
    assert code == 0
    assert "19 passed, 5 xfailed" in output
    assert "taskcontract: 5 pending" in output
    assert "taskcontract: shop, a worker for each process" in output
    assert len(shop_project.read("runs.txt")) == 2
    assert sorted(shop_project.read("journal.txt")).count("order tea") == 3, "each is sent once"
    text = "\n".join(shop_project.read("results.json"))
    assert (text.count('"asked"'), text.count('"passed"')) == (24, 19)
    assert output.count("taskcontract: wrote results.json, which was not there: nothing had passed") == 1
    code, output = shop_project.pytest(*options)
    assert (code, "taskcontract: wrote" in output) == (0, False)


def test_what_many_processes_leave_out_is_told_once(shop_project: ShopProject) -> None:
    shop_project.write_contract(ask("plain", 1, result={"given": 1}))
    shop_project.write(
        "contracts/web--other.json", dump_contract(Contract("web", "other", (ask("order", "tea", 1),)))
    )
    results = ("--taskcontract-results", "nowhere/results.json")
    code, output = shop_project.pytest("-p", "xdist", "-n", "2", *results)
    assert (code, "1 passed" in output) == (0, True)
    assert output.count("taskcontract: skipped contracts/web--other.json (other provides it)") == 1
    assert output.count("the results cannot be written") == 1


def test_ids_of_files_elsewhere(run: Run, shop_project: ShopProject, tmp_path: Path) -> None:
    shop_project.write_contract(ask("plain", 1, result={"given": 2}, description="bad"), consumer="web")
    outside = tmp_path / "elsewhere" / "web-shop.json"
    outside.parent.mkdir()
    (shop_project.root / "contracts" / "web--shop.json").rename(outside)
    result = run("-v", str(outside))
    result.assert_outcomes(failed=1)
    (line,) = [line for line in result.outlines if line.endswith("%]")]
    name = line.partition(" FAILED")[0]
    assert name.endswith("/elsewhere/web-shop.json::bad")
    run("-v", name).assert_outcomes(failed=1)
    run("-v", "--lf", str(outside)).assert_outcomes(failed=1)


@pytest.mark.parametrize("hook", ["setup(item)", "teardown(item)"])
def test_no_state_is_set_up_before_what_others_do_for_its_test(hook: str, shop_project: ShopProject) -> None:
    states = (ProviderState("in stock", {"item": "tea"}),)
    shop_project.write_contract(
        *(ask("order", "tea", n, result="s3://tea/7", states=states, description=f"{n}") for n in range(4))
    )
    shop_project.write(
        "conftest.py", f"def pytest_runtest_{hook}:\n    open('journal.txt', 'a').write('clean\\n')\n"
    )
    code, output = shop_project.pytest()
    assert code == 0, output
    one = ["set up tea", "order tea", "tear down tea"]
    each = ["clean", *one] if hook.startswith("setup") else [*one, "clean"]
    assert shop_project.read("journal.txt") == each * 4
