"""The page on replayed contracts: one file, which needs no script and loads nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from taskcontract.reporting.contracts.details import show_outcome, show_unreplayed
from taskcontract.reporting.contracts.markup import element, write_page
from taskcontract.reporting.contracts.replayed import Unreplayed, count, group, spell_counts, title

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from taskcontract.reporting.contracts.replayed import Entry, Replayed

__all__ = ["render_page"]


def render_page(run: Replayed) -> str:
    """Return the page as HTML: a table of consumers and providers, then each interaction with its details."""
    style = files("taskcontract.reporting.contracts").joinpath("page.css").read_text(encoding="utf-8")
    groups = group(run)
    body = [
        element(
            "main",
            element("h1", title(run)),
            _facts(run),
            _overview(groups),
            *(_section(number, *each) for number, each in enumerate(groups, start=1)),
            *_skipped(run),
        )
    ]
    return write_page(title(run), style, body)


def _facts(run: Replayed) -> Element:
    began = datetime.fromtimestamp(run.began, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    facts = (("when", f"{began}, {run.seconds:.1f} s"), *run.facts)
    return element("dl", *(element(*part) for label, text in facts for part in (("dt", label), ("dd", text))))


def _overview(groups: list[tuple[tuple[str, str], list[Entry]]]) -> Element:
    head = element(
        "tr",
        *(element("th", text) for text in ("consumer", "provider", "interactions")),
        element("th", "longest", class_="number"),
    )
    rows = []
    for number, ((consumer, provider), entries) in enumerate(groups, start=1):
        counts = count(entries)
        worst = "failed" if counts["failed"] else "pending" if counts["pending"] else "passed"
        longest = max((each.seconds for each in entries if not isinstance(each, Unreplayed)), default=0.0)
        rows.append(
            element(
                "tr",
                element("td", element("a", consumer or "(unreadable)", href=f"#contract-{number}")),
                element("td", provider),
                element("td", spell_counts(counts), class_=worst),
                element("td", f"{longest * 1000:,.0f} ms", class_="number"),
            )
        )
    return element("div", element("table", element("thead", head), element("tbody", *rows)), class_="wide")


def _section(number: int, parties: tuple[str, str], entries: list[Entry]) -> Element:
    consumer, provider = parties
    heading = f"{consumer} relies on {provider}" if consumer else "Files that cannot be read"
    shown = [
        show_unreplayed(each) if isinstance(each, Unreplayed) else show_outcome(each) for each in entries
    ]
    return element("section", element("h2", heading), *shown, id=f"contract-{number}")


def _skipped(run: Replayed) -> list[Element]:
    if not run.skipped:
        return []
    items = [element("li", element("code", file), f": {why}") for file, why in run.skipped]
    return [element("section", element("h2", "Files that were left out"), element("ul", *items))]
