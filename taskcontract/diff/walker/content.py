"""What a worker's options mean: the formats that it accepts, the rate that it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import TaskSpec

__all__ = ["RETRY_DEFAULTS", "accepted_by", "formats_beyond", "is_less", "list_names", "rate_per_second"]

RETRY_DEFAULTS: dict[str, Json] = {"max_retries": 3, "default_retry_delay": 180, "retry_backoff": False}
"""What Celery does where a task does not say how it is retried."""

SECONDS = {"s": 1, "m": 60, "h": 3600}


def accepted_by(task: TaskSpec) -> frozenset[str]:
    """Return the short names of the formats in which the task's worker accepts messages.

    A spec that lists no `accept_content` promises the task's own serializer alone.
    """
    listed = task.options.get("accept_content")
    if not isinstance(listed, list):
        return frozenset((task.serializer,))
    return frozenset(str(format_).removeprefix("application/").removeprefix("x-") for format_ in listed)


def formats_beyond(sides: Iterable[tuple[TaskSpec, TaskSpec]]) -> dict[str, list[str]]:
    """Each format that tasks accept on the first side and not on the second, with the names of the tasks.

    A serializer that changed is left out: that is another matter.
    """
    beyond: dict[str, list[str]] = {}
    for one, other in sides:
        changed = {one.serializer} if one.serializer != other.serializer else set()
        for format_ in accepted_by(one) - accepted_by(other) - changed:
            beyond.setdefault(format_, []).append(one.name)
    return beyond


def rate_per_second(limit: Json) -> float:
    """Read a Celery rate limit (`"10/m"`, `5`) as calls per second; infinite if it cannot be read."""
    number, _, unit = str(limit or "").partition("/")
    try:
        rate = float(number) / SECONDS[unit or "s"]
    except (ValueError, KeyError):
        return float("inf")
    return rate or float("inf")


def is_less(some: Json, other: Json) -> bool:
    """Whether a bound on retries is lower than another one; None has no bound."""
    if some is None or other is None:
        return some is not None and other is None
    return isinstance(some, (int, float)) and isinstance(other, (int, float)) and some < other


def list_names(option: Json) -> list[str]:
    """Return the names that an option lists; an empty list if its value is not a list."""
    return [str(name) for name in option] if isinstance(option, list) else []
