"""Versions whose sunset is near or past: warnings for the service's developers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.service import ServiceSpec

__all__ = ["AHEAD", "find_near_sunsets"]

AHEAD = 30
"""Days."""


def find_near_sunsets(spec: ServiceSpec, today: date, *, days: int = AHEAD) -> Iterator[str]:
    """One sentence for each version whose sunset has passed or comes within `days` days of `today`."""
    for task in spec.tasks:
        left = (date.fromisoformat(task.sunset) - today).days if task.sunset else days + 1
        if left < 0:
            yield f"{task.id} had its sunset on {task.sunset}: its calls are refused, and it may be removed"
        elif left <= days:
            yield (
                f"{task.id} has its sunset on {task.sunset}, {_spell(left)}: "
                f"`taskcontract retire {task.id}` says who still calls it"
            )


def _spell(days: int) -> str:
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
