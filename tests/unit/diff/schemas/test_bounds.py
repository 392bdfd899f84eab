"""Hostile schemas end in bounded time and memory, and never as included without a proof."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from typing import Any

import pytest

from taskcontract.diff.schemas import compare_schemas
from tests.support.hostile_schemas import CROWDED, ROWS

MOST_BYTES = 150_000_000


@pytest.mark.process
def test_hostile_schemas_end_in_time_and_in_bounded_memory() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.hostile_schemas"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {name: [verdict, verdict] for name, _, _, verdict in ROWS}


@pytest.mark.slow
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
