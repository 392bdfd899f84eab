"""Hostile schemas end in bounded time and memory, and never as included without a proof."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest

from taskcontract.diff.schemas import compare_schemas

MOST_SECONDS = 1.0
MOST_BYTES = 150_000_000


def bomb(leaf: Any) -> Any:
    """Forty definitions, each of which uses the next one twice: a value of a million million parts."""
    levels = {
        f"L{level}": {
            "type": "object",
            "properties": {side: {"$ref": f"#/$defs/L{level + 1}"} for side in ("left", "right")},
            "required": ["left", "right"],
        }
        for level in range(40)
    }
    return {"$defs": {**levels, "L40": leaf}, "$ref": "#/$defs/L0"}


CHOICES = [{"anyOf": [{"required": [f"{name}{at}"]} for name in "abc"]} for at in range(30)]
CROWDED = {"type": "object", "allOf": CHOICES, "maxProperties": 20}

ROWS: list[tuple[str, Any, Any, str]] = [
    (
        "states",
        {"type": "string", "pattern": "(a|b)*a(a|b){40}$"},
        {"pattern": "(a|b)*a(a|b){41}$"},
        "undecided",
    ),
    (
        "nested counts",
        {"pattern": "^((a{0,99}){0,99}){0,99}$"},
        {"pattern": "^((a{0,99}){0,99}){0,98}$"},
        "undecided",
    ),
    ("large count", {"type": "string", "pattern": "^a{1000000}$"}, {"pattern": "^a{999999}$"}, "undecided"),
    ("many groups", {"type": "string", "pattern": "(" * 500 + ")" * 500}, {"maxLength": 1}, "undecided"),
    ("references", bomb({"type": "integer"}), bomb({"type": "number"}), "included"),
    ("references, broken", bomb({"type": "number"}), bomb({"type": "integer"}), "undecided"),
    ("choices", {**CROWDED, "minProperties": 1}, {"type": "object", "minProperties": 25}, "undecided"),
    ("choices, broken", {"type": "object"}, CROWDED, "not-included"),
    ("items", {"type": "array", "minItems": 10**9}, {"type": "array", "minItems": 10**9 + 1}, "undecided"),
    ("characters", {"type": "string", "minLength": 10**9}, {"minLength": 10**9 + 1}, "undecided"),
    ("properties", {"type": "object", "minProperties": 10**9}, {"minProperties": 10**9 + 1}, "undecided"),
    ("large enum", {"enum": list(range(20_000))}, {"enum": list(range(20_001))}, "included"),
]


@pytest.mark.parametrize(("old", "new", "verdict"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_hostile_schemas_end_in_time(old: Any, new: Any, verdict: str) -> None:
    started = time.monotonic()

    found = compare_schemas(old, new, seconds=MOST_SECONDS)

    assert found.verdict == verdict
    assert time.monotonic() - started < MOST_SECONDS * 3


def test_a_hostile_pattern_ends_in_bounded_memory() -> None:
    tracemalloc.start()
    try:
        found = compare_schemas({"pattern": "(a|b)*a(a|b){30}$"}, {"pattern": "(a|b)*a(a|b){31}$"})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert found.verdict == "undecided"
    assert peak < MOST_BYTES


@pytest.mark.parametrize("limits", [{"steps": 1_000}, {"seconds": 0.0}], ids=str)
def test_a_spent_budget_is_undecided(limits: dict[str, Any]) -> None:
    found = compare_schemas(CROWDED, {"type": "object", "minProperties": 25}, **limits)

    assert found.verdict == "undecided"
    assert "more than" in found.reason


def test_deep_schemas_are_decided_or_said_to_be_too_deep() -> None:
    verdicts: list[str] = []
    for levels in (50, 200):
        old: Any = {"type": "integer"}
        new: Any = {"type": "number"}
        for _ in range(levels):
            old, new = {"type": "array", "items": old}, {"type": "array", "items": new}
        verdicts.append(compare_schemas(old, new).verdict)

    assert verdicts == ["included", "undecided"]
