"""What becomes of a project's own senders is in every format."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from taskcontract.model.finding import Finding, Sender, Senders
from taskcontract.model.place import Place
from taskcontract.reporting.formats import FORMATS, render
from taskcontract.reporting.report import Report, Side
from tests.support.reports import make_finding

SIDE = Side("shop", "", "main")
BROKEN = Sender(Place("shop/views.py", 3), "delay(_, key=_)", "it has no parameter `key`")
UNKNOWN = Sender(Place("shop/jobs.py", 8), "delay(**...)")


def make_report(senders: Senders) -> Report:
    finding: Finding = replace(make_finding("param-removed"), version="", bump="none", senders=senders)
    return Report(SIDE, SIDE, (finding,), required_bump="none", declared_bump="none", order="any")


@pytest.mark.parametrize("form", FORMATS)
def test_a_sender_that_breaks_is_named(form: str) -> None:
    text = " ".join(render(make_report(Senders((BROKEN,), (UNKNOWN,), 2)), form).split())
    assert "shop/views.py" in text
    assert "shop/jobs.py" in text
    if form != "json":
        assert "of 4 places in the old code that send this task" in text.replace("%2C", ",")


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "json"])
def test_it_is_said_where_all_would_still_work(form: str) -> None:
    text = " ".join(render(make_report(Senders(working=3)), form).split())
    assert "all 3 places in the old code that send this task would still work" in text
    assert "queued messages" in text


def test_programs_read_them_as_data() -> None:
    (finding,) = json.loads(render(make_report(Senders((BROKEN,), (UNKNOWN,), 2)), "json"))["findings"]
    assert finding["senders"] == {
        "broken": [{"file": "shop/views.py", "line": 3, "call": BROKEN.call, "why": BROKEN.why}],
        "unknown": [{"file": "shop/jobs.py", "line": 8, "call": UNKNOWN.call}],
        "working": 2,
    }


def test_a_finding_without_them_says_nothing() -> None:
    report = make_report(Senders())._replace(findings=(make_finding("param-removed"),))
    assert "senders" not in json.loads(render(report, "json"))["findings"][0]
