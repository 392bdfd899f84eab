"""What a worker's options mean: the formats that it accepts, the rate that it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import TaskSpec

__all__ = ["accepted_by", "rate_per_second"]

SECONDS = {"s": 1, "m": 60, "h": 3600}


def accepted_by(task: TaskSpec) -> frozenset[str]:
    """The short names of the formats in which the task's worker accepts messages.

    A spec that lists no `accept_content` promises the task's own serializer alone.
    """
    listed = task.options.get("accept_content")
    if not isinstance(listed, list):
        return frozenset((task.serializer,))
    return frozenset(str(format_).removeprefix("application/").removeprefix("x-") for format_ in listed)


def rate_per_second(limit: Json) -> float:
    """A Celery rate limit (`"10/m"`, `5`) as calls per second; infinite where there is none to be read."""
    number, _, unit = str(limit or "").partition("/")
    try:
        rate = float(number) / SECONDS[unit or "s"]
    except (ValueError, KeyError):
        return float("inf")
    return rate or float("inf")
