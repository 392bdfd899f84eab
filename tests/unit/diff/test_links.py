"""Chains and chords: which results fit whom, and what Celery sends to an errback."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.diff import find_changes
from tests.support.specs import INTEGER, STRING, make_service, make_task

STORED = {"type": "object", "properties": {"url": STRING}, "required": ["url"]}
SIZED = {"type": "object", "properties": {"url": STRING, "size": INTEGER}, "required": ["url", "size"]}
CLOSED = {**STORED, "additionalProperties": False}


def many(schema: Any) -> Any:
    return {"type": "array", "items": schema}


def find_mismatches(old: tuple[Any, Any], new: tuple[Any, Any]) -> list[tuple[str, str]]:
    """(task, path) of the links that fit no more; a side is a result, and what the next task takes first."""
    sides = [
        make_service(
            make_task("index", "stored", schemas={"stored": first}),
            make_task("store", "key: str", result=result),
        )
        for result, first in (old, new)
    ]
    findings = find_changes(*sides)
    return [(f.task, f.path) for f in findings if f.rule == "canvas-link-mismatch"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ((STORED, STORED), (SIZED, STORED), []),
        ((STORED, STORED), (SIZED, SIZED), []),
        ((CLOSED, CLOSED), (SIZED, CLOSED), [("store", "canvas.index@1.0.0")]),
        ((STORED, STORED), (STORED, SIZED), [("index", "canvas.store@1.0.0")]),
        ((STORED, STORED), (many(STORED), STORED), [("store", "canvas.index@1.0.0")]),
        ((STORED, many(STORED)), (STORED, many(SIZED)), [("index", "canvas.store@1.0.0")]),
        ((CLOSED, many(CLOSED)), (SIZED, many(CLOSED)), [("store", "canvas.index@1.0.0")]),
        ((STRING, STRING), (INTEGER, STRING), []),
    ],
)
def test_a_result_that_fitted_and_fits_no_more(
    old: tuple[Any, Any], new: tuple[Any, Any], found: list[tuple[str, str]]
) -> None:
    assert find_mismatches(old, new) == found


@pytest.mark.parametrize(
    ("old", "new", "facts", "found"),
    [
        ("request, exc, traceback", "request, exc, traceback, hint=None", {}, False),
        ("request, exc, traceback", "request, exc", {}, True),
        ("request, exc, traceback", "request", {}, True),
        ("task_id", "task_id, hint=None", {}, True),
        ("task_id", "task_id, hint=None", {"bind": True}, False),
        ("task_id", "task_id, *, hint=None", {}, False),
        ("key", "key, hint=None", {}, False),
    ],
)
def test_an_errback_gets_what_its_arity_asks_for(
    old: str, new: str, facts: dict[str, Any], found: bool
) -> None:
    sides = [make_service(make_task("send", signature, **facts)) for signature in (old, new)]
    rules = {finding.rule for finding in find_changes(*sides)}
    assert ("errback-arity-changed" in rules) == found
