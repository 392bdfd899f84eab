"""What was counted of a service, as data: who used which version, and since when that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BEAT", "DAY", "OTHER", "UNKNOWN", "Counted", "ShapeUse", "Use", "UseKey", "merge", "merge_shapes"]

UNKNOWN = "(unknown)"
"""A caller that sends no header of ours: plain Celery, say."""

BEAT = "(beat)"
"""Celery beat, which sends by name and marks what it sends."""

OTHER = "(other)"
"""All callers beyond those that are kept apart: messages may give any number of names."""

DAY = 86_400.0
"""Seconds."""


class UseKey(NamedTuple):
    """Who calls what: `task` is a wire name, `version` the exact one.

    `consumer` is a name, BEAT, UNKNOWN or OTHER.
    """

    service: str
    task: str
    version: str
    consumer: str


@dataclass(frozen=True, slots=True)
class Use:
    """How often (`count`) and when last (`last_seen`, seconds since the epoch) a consumer called."""

    key: UseKey
    count: int
    last_seen: float

    def is_within(self, days: float, now: float) -> bool:
        """Return whether the last call was within `days` days before `now`."""
        return self.last_seen >= now - days * DAY

    def plus(self, other: Use | None) -> Use:
        """Return this use and another one of the same key, if there is one, as one."""
        if other is None:
            return self
        return Use(self.key, self.count + other.count, max(self.last_seen, other.last_seen))


@dataclass(frozen=True, slots=True)
class ShapeUse:
    """How often and when last a caller sent calls of one shape: the text of a CallShape, or of the rest."""

    key: UseKey
    shape: str
    count: int
    last_seen: float

    def is_within(self, days: float, now: float) -> bool:
        """Return whether the last such call was within `days` days before `now`."""
        return self.last_seen >= now - days * DAY

    def plus(self, other: ShapeUse | None) -> ShapeUse:
        """Return this use and another one of the same key and shape, if there is one, as one."""
        if other is None:
            return self
        last = max(self.last_seen, other.last_seen)
        return ShapeUse(self.key, self.shape, self.count + other.count, last)


@dataclass(frozen=True, slots=True)
class Counted:
    """All uses of a service's tasks, sorted by key, and since when calls are counted.

    `since` is in seconds since the epoch. None: nothing was ever counted, and no uses mean nothing.
    `shapes` are the shapes of these calls, and `shapes_since` is from when on they were told: an older
    release counts calls without. Of a caller with shapes, all counts together are those of its use, unless
    such a release counted meanwhile.
    """

    uses: tuple[Use, ...] = ()
    since: float | None = None
    shapes: tuple[ShapeUse, ...] = ()
    shapes_since: float | None = None


def merge(uses: Iterable[Use]) -> list[Use]:
    """Return one use per key, counts added and the latest time kept; sorted by key."""
    merged: dict[UseKey, Use] = {}
    for use in uses:
        merged[use.key] = use.plus(merged.get(use.key))
    return [merged[key] for key in sorted(merged)]


def merge_shapes(shapes: Iterable[ShapeUse]) -> list[ShapeUse]:
    """Return one use per key and shape, counts added and the latest time kept; sorted."""
    merged: dict[tuple[UseKey, str], ShapeUse] = {}
    for each in shapes:
        merged[each.key, each.shape] = each.plus(merged.get((each.key, each.shape)))
    return [merged[key] for key in sorted(merged)]
