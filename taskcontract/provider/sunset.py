"""Versions past their sunset, and brown-outs before it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zlib import crc32

from taskcontract.declare.deprecation import successor_of
from taskcontract.errors import SunsetError

if TYPE_CHECKING:
    from taskcontract.declare.task import Task
    from taskcontract.provider.provider import Provider

__all__ = ["find_sunset"]


def find_sunset(provider: Provider, task: Task[..., Any], task_id: str) -> SunsetError | None:
    """Why a call of `task` is refused by date, or None while the version is served.

    In a brown-out the calls are chosen by their task ids, so that one call is always answered alike.
    """
    if task.sunset is None:
        return None
    newer = successor_of(task)
    step = f"Call {newer.id} ({newer.wire_name}) instead." if newer else "It has no successor."
    if date.fromisoformat(task.sunset) < provider.today():
        return SunsetError(f"{task.id} had its sunset on {task.sunset}", task.wire_name, step)
    share = provider.brownouts.get(task.wire_name, 0.0)
    if share and crc32(task_id.encode()) % 10_000 < share * 10_000:
        return SunsetError(
            f"{task.id} is in a brown-out before its sunset on {task.sunset}: {share:.0%} of calls fail",
            task.wire_name,
            step,
        )
    return None
