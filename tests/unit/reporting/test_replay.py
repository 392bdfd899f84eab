"""What is shown of a failed interaction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from taskcontract.model.contract import Interaction, ProviderState
from taskcontract.reporting.replay import explain_outcome, summarise_outcome
from taskcontract.verification.comparison.matching import Mismatch
from taskcontract.verification.outcome import Fault, Outcome, Reply, Sent
from taskcontract.verification.sandbox.log_reader import LogLine

INTERACTION = Interaction("an order", "shop.order", "1.0.0", ("tea",), {"count": 3}, queue="shop")
SENT = Sent("id", "shop.order", "1.0.0", ("tea",), {"count": 3}, "shop")
OUTCOME = Outcome("web", "shop", INTERACTION, sent=SENT, reply=Reply("SUCCESS", {"url": "x"}))
MISMATCH = Mismatch("$.url", "it is short", "s3://x", "x")


def test_mismatch() -> None:
    log = (LogLine(0.25, "INFO", "shop", "id", "packing\ntea"),)
    lines = explain_outcome(replace(OUTCOME, mismatches=(MISMATCH,), log=log)).splitlines()
    assert lines[:-2] == [
        "$.url: it is short",
        "",
        "sent    shop.order 1.0.0 by web to the queue shop",
        'args    ["tea"]',
        'kwargs  {"count": 3}',
        'reply   SUCCESS {"url": "x"}',
        "log",
    ]
    assert lines[-2].endswith(":00.250 INFO    packing")
    assert lines[-1] == "    tea"


def test_fault_before_anything_was_sent() -> None:
    states = (ProviderState("open"), ProviderState("in stock", {"item": "tea"}))
    fault = Fault("the state 'open' could not be set up: locked", "Bring the key.", "Traceback ...")
    outcome = Outcome("web", "shop", replace(INTERACTION, states=states), faults=(fault,))
    assert explain_outcome(outcome).splitlines() == [
        "the state 'open' could not be set up: locked",
        "  Bring the key.",
        "",
        "  Traceback ...",
        "",
        'given   open, in stock {"item": "tea"}',
        "call    shop.order 1.0.0 by web to the queue shop",
        'args    ["tea"]',
        'kwargs  {"count": 3}',
    ]


def test_no_reply() -> None:
    text = explain_outcome(replace(OUTCOME, reply=None, faults=(Fault("no result within 3 s"),)))
    assert text.endswith("\nreply   none")


def test_long_values_are_cut() -> None:
    text = explain_outcome(replace(OUTCOME, reply=Reply("SUCCESS", "x" * 5000), mismatches=(MISMATCH,)))
    assert "... (5002 characters)" in text
    assert len(text) < 700


@pytest.mark.parametrize(
    ("faults", "mismatches", "line"),
    [
        ((), (), ""),
        ((Fault("it broke\nbadly"),), (), "it broke"),
        ((), (MISMATCH,), "$.url: it is short"),
        ((), (MISMATCH, MISMATCH), "$.url: it is short (and 1 more)"),
    ],
)
def test_summary(faults: tuple[Fault, ...], mismatches: tuple[Mismatch, ...], line: str) -> None:
    assert summarise_outcome(replace(OUTCOME, faults=faults, mismatches=mismatches)) == line
