"""`--taskcontract-html` and `--taskcontract-markdown`, as they are used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import find_browser, look, serve
from tests.support.shop_project import SHOP, ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., pytest.RunResult]

pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]

GOOD = ask("order", "tea", 3, description="an item is ordered", result="s3://tea/3")
WRONG = ask("order", "tea", 4, description="an order is free", result="free")
STYLED = 'getComputedStyle(page.querySelector("details")).borderLeftStyle === "solid"'
REPORTS = ("--taskcontract-html", "out/report.html", "--taskcontract-markdown", "summary.md")


def test_both_reports_are_written_with_the_workers_log_of_all(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD, WRONG)
    (shop_project.root / "out").mkdir()
    done = run(*REPORTS)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["taskcontract: wrote out/report.html", "taskcontract: wrote summary.md"])
    page = (shop_project.root / "out/report.html").read_text(encoding="utf-8")
    summary = (shop_project.root / "summary.md").read_text(encoding="utf-8")
    assert "<h1>Contracts: 1 failed, 1 passed</h1>" in page
    assert page.count("the worker's log") == 2
    assert "### Contracts: 1 failed, 1 passed" in summary
    assert "an order is free" in summary


def test_a_job_summary_is_added_to(
    run: Run, shop_project: ShopProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop_project.write_contract(GOOD)
    summary = shop_project.root / "summary.md"
    summary.write_text("what another command said\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("--taskcontract-markdown", str(summary)).assert_outcomes(passed=1)
    assert summary.read_text().startswith("what another command said\n### Contracts: 1 passed\n")


def test_what_cannot_be_replayed_is_in_it(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD)
    (shop_project.root / "contracts/odd.json").write_text("{")
    done = run("--taskcontract-markdown", "summary.md", "contracts/odd.json", "contracts/web--shop.json")
    done.assert_outcomes(passed=1, errors=1)
    assert "### Contracts: 1 failed, 1 passed" in (shop_project.root / "summary.md").read_text()


def test_a_worker_that_does_not_start_is_said(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD)
    (shop_project.root / "shop.py").write_text("1 / 0\n")
    assert run("--taskcontract-html", "report.html").ret == 2
    page = (shop_project.root / "report.html").read_text(encoding="utf-8")
    assert "nothing was replayed" in page
    assert "ZeroDivisionError" in page


def test_a_file_that_cannot_be_written_is_one_clear_error(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD)
    (shop_project.root / "out").write_text("a file")
    done = run("--taskcontract-html", "out/report.html")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["taskcontract: *out/report.html: cannot be written: *"])
    assert done.ret != 0


def test_nothing_is_written_where_nothing_is_run(run: Run, shop_project: ShopProject) -> None:
    shop_project.write_contract(GOOD)
    run("--collect-only", "--taskcontract-html", "report.html")
    assert not (shop_project.root / "report.html").exists()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_the_window_of_a_browser(
    run: Run, shop_project: ShopProject, width: int, tmp_path: Path
) -> None:
    browser = find_browser()
    wide = replace(WRONG, description="x" * 300, args=("tea" * 200, 4))
    shop_project.write_contract(GOOD, WRONG, wide)
    (shop_project.root / "shop.py").write_text(SHOP)
    pages = tmp_path / "pages"
    pages.mkdir()
    run("--taskcontract-html", str(pages / "report.html"))
    with serve(pages, STYLED) as url:
        seen = look(browser, url, "report.html", width, tmp_path / "profile")
    assert (seen["title"], seen["visible"], seen["styled"]) == ("Contracts: 2 failed, 1 passed", True, True)
    assert seen["width"] <= seen["room"]
