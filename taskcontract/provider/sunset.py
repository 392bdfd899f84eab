"""Versions past their sunset, and brown-outs before it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zlib import crc32

from taskcontract.declare.deprecation import successor_of
from taskcontract.errors import ProviderError, SunsetError

if TYPE_CHECKING:
    from taskcontract.declare.task import Task

__all__ = ["find_sunset", "read_brownout"]


def read_brownout(task: Task[..., Any], share: float) -> float:
    """Return the `share` of the calls of `task` to refuse; a ProviderError where it cannot be."""
    if not 0 <= share <= 1:
        raise ProviderError(
            f"a brown-out of {share!r} of the calls of {task.id}", do="Give a share between 0 and 1."
        )
    if task.sunset is None:
        raise ProviderError(
            f"{task.id} has no sunset to be browned out before", do="Declare it with sunset=..."
        )
    return share


def find_sunset(task: Task[..., Any], task_id: str, today: date, share: float) -> SunsetError | None:
    """Return why a call of `task` is refused on the day `today`, or None while the version is served.

    `share` (0 to 1) of its calls are refused before its sunset: a brown-out.

    In a brown-out the calls are chosen by their task ids, so that one call is always answered alike.
    """
    if task.sunset is None:
        return None
    newer = successor_of(task)
    step = f"Call {newer.id} ({newer.wire_name}) instead." if newer else "It has no successor."
    if date.fromisoformat(task.sunset) < today:
        return SunsetError(f"{task.id} had its sunset on {task.sunset}", task.wire_name, step)
    if share and crc32(task_id.encode()) % 10_000 < share * 10_000:
        return SunsetError(
            f"{task.id} is in a brown-out before its sunset on {task.sunset}: {share:.0%} of calls fail",
            task.wire_name,
            step,
        )
    return None
