"""No test measures time: a busy machine would fail it. Clocks are handed in; one file bounds hangs."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TypeGuard

import pytest

TESTS = Path(__file__).parents[2]
FOLDERS = ("unit", "live", "rules", "docs")

#: What only tells how much time has passed. tests/support/waiting.py has it for all.
STOPWATCHES = frozenset(
    f"{name}{unit}"
    for name in ("monotonic", "perf_counter", "process_time", "thread_time")
    for unit in ("", "_ns")
)
CLOCKS = STOPWATCHES | {"time", "time_ns", "now", "utcnow"}


def find_measured_times(source: str) -> list[int]:
    """Give the lines that read a stopwatch, or compare a difference of two times with something.

    A timestamp is no measurement: one for a file that shall look old, or two that tell what came first.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = {call.lineno for call in calls if _name(call.func) in STOPWATCHES}
    found |= {call.lineno for call in calls if _name(call.func) in ("timeit", "default_timer")}
    for compared in ast.walk(tree):
        if isinstance(compared, ast.Compare):
            found |= {part.lineno for part in ast.walk(compared) if _is_difference_of_times(part)}
    return sorted(found)


def _is_difference_of_times(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and any(isinstance(part, ast.Call) and _name(part.func) in CLOCKS for part in ast.walk(node))
    )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.slow
def test_no_test_measures_time() -> None:
    files = [file for folder in FOLDERS for file in (TESTS / folder).rglob("*.py")]
    assert len(files) > 200
    found = {
        f"{file.relative_to(TESTS.parent)}:{line}"
        for file in files
        for line in find_measured_times(file.read_text(encoding="utf-8"))
    }
    assert found == set(), (
        "Hand in a clock (tests.support.clock), count steps, or show what came first; "
        "use tests.support.waiting for a bound that only keeps a test from hanging."
    )


@pytest.mark.parametrize(
    "source",
    [
        "started = time.monotonic()",
        "started = perf_counter()",
        "assert process_time() < 20",
        "assert time.time() - started < 1",
        "assert (datetime.now(UTC) - begun).seconds < 1",
    ],
)
def test_a_measured_time_is_found(source: str) -> None:
    assert find_measured_times(source) == [1]


@pytest.mark.parametrize(
    "source",
    ["os.utime(file, (time.time() - 7200,) * 2)", "assert due <= time.time()", "assert clock.now - 1 < 2"],
)
def test_a_timestamp_is_no_measured_time(source: str) -> None:
    assert find_measured_times(source) == []
