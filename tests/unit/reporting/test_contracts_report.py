"""The page on replayed contracts and the summary of a job: what they show, and that they are safe to show."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from taskcontract.model.contract import ANYTHING, Interaction, MatchRule, ProviderState
from taskcontract.reporting.contracts.job_summary import MOST_DETAILS, render_job_summary
from taskcontract.reporting.contracts.marked_json import MOST_LINES, show_json
from taskcontract.reporting.contracts.page import render_page
from taskcontract.reporting.contracts.replayed import Replayed, Unreplayed
from taskcontract.verification.comparison.matching import Mismatch
from taskcontract.verification.outcome import Fault, Outcome, Pending, Reply, Sent, StateRun, Times
from taskcontract.verification.sandbox.log_reader import LogLine

RULE = MatchRule("$.url", "regex", {"regex": "s3://.+"})
ORDER = Interaction(
    "an order is placed", "shop.order", "1.0.0", ("tea",), {"count": 3}, {"url": "s3://x"}, rules=(RULE,),
    states=(ProviderState("in stock", {"item": "tea"}),), queue="shop", test="tests/test_web.py::test_order",
)  # fmt: skip
PASSED = Outcome(
    "web", "shop", ORDER,
    sent=Sent("id", "shop.order", "1.0.0", ("tea",), {"count": 3}, "shop"),
    reply=Reply("SUCCESS", {"url": "s3://y"}),
    log=(LogLine(0.25, "INFO", "shop", "id", "packing"),),
    seconds=0.5, file="contracts/web--shop.json",
    states=(StateRun("in stock", {"item": "tea"}, "worker", 0.002, 0.001),),
    times=Times(0.0, 0.001, 0.003, 0.012),
)  # fmt: skip
WRONG = replace(
    PASSED,
    reply=Reply("SUCCESS", {"url": "file:y", "more": [1, {"it's": None}]}),
    mismatches=(Mismatch("$.url", '"file:y" is not of the form s3://.+', "s3://x", "file:y"),),
)
NEW = replace(
    WRONG, interaction=replace(ORDER, description="a new one"), pending=Pending("web", "2026-11-20")
)
STUCK = replace(
    PASSED, interaction=replace(ORDER, description="a stuck one"), reply=None,
    faults=(Fault("no result within 3 s", "Raise timeout.", "File shop.py, line 3"),),
)  # fmt: skip
BROKEN = Unreplayed("a broken one", "contracts/web--shop.json", "$.request: it is missing", "web", "shop")
RUN = Replayed(
    outcomes=(PASSED, WRONG, NEW, STUCK, replace(PASSED, consumer="app")),
    unreplayed=(BROKEN, Unreplayed("can be read", "contracts/odd.json", "it is no JSON")),
    skipped=(("contracts/other.json", "not a Pact file"),),
    facts=(("worker", "shop on the redis broker"),),
    began=1_700_000_000.0, seconds=3.25,
)  # fmt: skip
HOSTILE = (
    "</pre></details><script>alert(1)</script><img src=x onerror=y> ``` | \u202e\x1b[31m ::error::x\n# a"
)


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, whether they close, and its text."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def text(self, tag: str = "") -> str:
        return "\n".join(text for inside, text in self.texts if not tag or inside == tag)


def test_the_page_shows_each_interaction_and_opens_what_failed() -> None:
    page = Reader(render_page(RUN))
    assert page.open == []
    details = [attributes for tag, attributes in page.tags if tag == "details"]
    assert [(each["class"], "open" in each) for each in details] == [
        ("failed", True),  # the file that cannot be read
        ("passed", False),  # app
        ("failed", True), ("failed", True), ("failed", True), ("pending", False), ("passed", False),
    ]  # fmt: skip
    assert page.text("h1") == "Contracts: 4 failed, 1 pending, 2 passed"
    assert page.text("h2").splitlines() == [
        "Files that cannot be read", "app relies on shop", "web relies on shop", "Files that were left out",
    ]  # fmt: skip
    for told in (
        "2023-11-14 22:13:20 UTC, 3.2 s", "shop on the redis broker", "it is no JSON",
        "$.request: it is missing", "no result within 3 s", "Raise timeout.", "File shop.py, line 3",
        "no reply", "in the worker: 2.0 ms to set up, 1.0 ms to tear down", "item='tea'", "packing",
        "call 12.0 ms, states 3.0 ms, before its turn 1.0 ms", "tests/test_web.py::test_order",
        "to the queue shop", "asks for it since 2026-11-20", "regex s3://.+", "not a Pact file",
    ):  # fmt: skip
        assert told in page.text(), told


def test_the_difference_is_marked_on_both_sides_and_nothing_else_is() -> None:
    page = Reader(render_page(Replayed((WRONG,))))
    assert page.text("mark").splitlines() == ['"url": "s3://x"', '"url": "file:y",']
    assert Reader(render_page(Replayed((PASSED,)))).text("mark") == ""


def test_a_link_of_the_table_leads_to_its_section() -> None:
    page = Reader(render_page(RUN))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    sections = {attributes.get("id") for tag, attributes in page.tags if tag == "section"}
    assert len(links) == 3
    assert all(link is not None and link.removeprefix("#") in sections for link in links)


def test_errors_and_calls_without_a_result() -> None:
    error = replace(ORDER, error="SoldOutError", result={"code": 7}, rules=())
    reply = Reply("FAILURE", {"code": 7}, "SoldOutError: none", declared=("SoldOutError",))
    quiet = replace(ORDER, description="quiet", rules=(ANYTHING,), args=(), kwargs={}, states=())
    page = Reader(
        render_page(
            Replayed((replace(PASSED, interaction=error, reply=reply), replace(PASSED, interaction=quiet)))
        )
    )
    assert "the error SoldOutError" in re.sub(r"\s+", " ", page.text())
    assert "SoldOutError: none" in page.text()
    assert "that it succeeds" in page.text()


@pytest.mark.parametrize(
    "place", ["consumer", "description", "value", "state", "fault", "log", "file", "fact"]
)
def test_a_hostile_text_is_shown_and_does_nothing(place: str) -> None:
    interaction = replace(
        ORDER,
        description=HOSTILE if place == "description" else "x",
        states=(ProviderState(HOSTILE, {HOSTILE: HOSTILE}),) if place == "state" else (),
        result={HOSTILE: HOSTILE} if place == "value" else {},
    )
    outcome = replace(
        WRONG,
        interaction=interaction,
        consumer=HOSTILE if place == "consumer" else "web",
        reply=Reply("SUCCESS", {HOSTILE: HOSTILE} if place == "value" else None),
        faults=(Fault(HOSTILE, HOSTILE, HOSTILE),) if place == "fault" else (),
        log=(LogLine(0.0, "INFO", "x", "id", HOSTILE),) if place == "log" else (),
        file=HOSTILE if place == "file" else "f",
    )
    run = Replayed((outcome,), facts=((HOSTILE, HOSTILE),) if place == "fact" else ())
    written = render_page(run)
    page = Reader(written)
    assert page.open == []
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert "alert(1)" in page.text()
    assert all(letter.isprintable() or letter == "\n" for letter in written)

    summary = render_job_summary(run)
    assert all(letter.isprintable() or letter == "\n" for letter in summary)
    assert not re.search(r"^\s*::error", summary, re.MULTILINE)
    outside = re.sub(r"(`{4,})text\n.*?\n\1", "", summary, flags=re.DOTALL)
    assert "<script" not in outside
    assert "<img" not in outside


def test_the_summary_tells_what_failed_or_is_pending() -> None:
    text = render_job_summary(RUN)
    lines = text.splitlines()
    assert lines[0] == "### Contracts: 4 failed, 1 pending, 2 passed"
    assert "| web | shop | 3 failed, 1 pending, 1 passed |" in lines
    assert text.count("<details><summary><b>failed</b>") == 4
    assert text.count("<details><summary><b>pending</b> web: a new one</summary>") == 1
    assert text.count("<details>") == text.count("</details>")
    assert "no result within 3 s" in text
    assert "`contracts/other.json`: not a Pact file" in text
    assert "nothing was replayed" in render_job_summary(Replayed(()))


def test_the_summary_is_bounded() -> None:
    large = replace(WRONG, mismatches=(Mismatch("$", "x" * 100_000, None, None),))
    text = render_job_summary(Replayed((large,) * (MOST_DETAILS + 30)))
    assert "30 more failed or are pending." in text
    assert len(text) < 1_000_000


def test_a_value_is_shown_however_large_or_deep_it_is() -> None:
    deep: object = None
    for _ in range(5000):
        deep = [deep]
    assert "there is more" in "".join(show_json(deep).itertext())
    wide = "".join(show_json(list(range(5000))).itertext())
    assert wide.count("\n") == MOST_LINES + 1
    assert len("".join(show_json("y" * 100_000).itertext())) < 3000
