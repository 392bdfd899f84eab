"""How often a worker has received calls of which shape since it last wrote them down; within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.usage.call_shape import OTHER_SHAPE, coarsen
from taskcontract.usage.use import ShapeUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.usage.use import UseKey

__all__ = ["MOST_COARSE", "MOST_SHAPES", "MOST_SHAPES_IN_ALL", "ShapeTally"]

MOST_SHAPES = 64
"""Shapes of one caller (by task and version) that a worker keeps apart each day, with the types."""

MOST_COARSE = 16
"""Further ones of that caller that it keeps apart by the number and the names of the arguments alone."""

MOST_SHAPES_IN_ALL = 4_000
"""Shapes that a worker keeps apart for a service each day."""


class ShapeTally:
    """Counts shapes by caller; what is beyond the bounds counts as OTHER_SHAPE of that caller."""

    def __init__(self) -> None:
        self._known: dict[UseKey, set[str]] = {}
        self._number = 0
        self._uses: dict[tuple[UseKey, str], list[float]] = {}

    def renew(self) -> None:
        """Keep other shapes apart from now on: it is another day."""
        self._known, self._number = {}, 0

    def note(self, key: UseKey, shape: str, now: float) -> None:
        """Count one call."""
        known = self._known.get(key)
        if known is None or shape not in known:
            shape = self._admit(key, shape)
        counted = self._uses.get((key, shape))
        if counted is None:
            self._uses[key, shape] = [1, now]
        else:
            counted[0] += 1
            counted[1] = max(counted[1], now)

    def take(self) -> list[ShapeUse]:
        """Return what was counted, and begin anew."""
        uses = [ShapeUse(*key, int(count), last) for key, (count, last) in self._uses.items()]
        self._uses.clear()
        return uses

    def give_back(self, uses: Iterable[ShapeUse]) -> None:
        """Count again what could not be written."""
        for use in uses:
            count, last = self._uses.get((use.key, use.shape), (0, 0.0))
            self._uses[use.key, use.shape] = [use.count + count, max(use.last_seen, last)]

    def _admit(self, key: UseKey, shape: str) -> str:
        known = self._known.setdefault(key, set())
        if self._takes(known, shape, MOST_SHAPES):
            return shape
        coarse = coarsen(shape)
        return coarse if self._takes(known, coarse, MOST_SHAPES + MOST_COARSE) else OTHER_SHAPE

    def _takes(self, known: set[str], shape: str, most: int) -> bool:
        if shape in known:
            return True
        if len(known) >= most or self._number >= MOST_SHAPES_IN_ALL:
            return False
        known.add(shape)
        self._number += 1
        return True
