"""How much of what messages say of their callers is kept apart: they may say anything."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError
from taskcontract.model.version import release_of
from taskcontract.usage.call_shape import BEFORE, OTHER_SHAPE
from taskcontract.usage.use import OTHER, UseKey, merge, merge_shapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from taskcontract.usage.use import ShapeUse, Use

__all__ = [
    "KEPT_SECONDS",
    "MOST_APART",
    "MOST_ROWS",
    "MOST_SHAPES_OF_CALLER",
    "MOST_SHAPE_ROWS",
    "Bound",
    "believed_version",
    "fit",
    "fit_shapes",
    "follow",
]

MOST_APART = 1_000
"""Callers (by task and version) that one worker keeps apart for a service, each day anew."""

MOST_ROWS = 5_000
"""Callers (by task and version) that a store keeps apart for a service."""

MOST_SHAPES_OF_CALLER = 100
"""Shapes that a store keeps apart for a caller (by task and version)."""

MOST_SHAPE_ROWS = 10_000
"""Shapes that a store keeps apart for a service."""

KEPT_SECONDS = 400 * 86_400
"""How long a store keeps the row of a caller that has stopped calling."""


class Bound:
    """Lets the first `most` keys be, and makes one of all others of a task."""

    def __init__(self, most: int = MOST_APART) -> None:
        self._most = most
        self._known: set[UseKey] = set()

    def admit(self, key: UseKey, version: str) -> tuple[UseKey, bool]:
        """Return the key to count under, and whether it is new; beyond the bound the key of OTHER."""
        if key not in self._known and len(self._known) >= self._most:
            key = UseKey(key.service, key.task, version, OTHER)
        is_new = key not in self._known
        self._known.add(key)
        return key, is_new


def fit(uses: Iterable[Use], known: Collection[UseKey]) -> list[Use]:
    """Return the uses as a store that has the `known` rows takes them: OTHER's beyond MOST_ROWS."""
    room = MOST_ROWS - len(known)
    fitted = []
    for use in uses:
        if use.key not in known:
            room -= 1
        is_beyond = use.key not in known and room < 0
        fitted.append(replace(use, key=use.key._replace(consumer=OTHER)) if is_beyond else use)
    return merge(fitted)


def follow(shapes: Iterable[ShapeUse], uses: Iterable[Use]) -> list[ShapeUse]:
    """Return the shapes under the keys that `fit` has left their callers: OTHER's for who is beyond."""
    left = {use.key for use in uses}
    return merge_shapes(
        each if each.key in left else replace(each, key=each.key._replace(consumer=OTHER)) for each in shapes
    )


def fit_shapes(shapes: Iterable[ShapeUse], known: Collection[str], rows: int) -> list[ShapeUse]:
    """Return a caller's shapes as a store takes them that has the `known` ones of it, and `rows` in all."""
    room = min(MOST_SHAPES_OF_CALLER - len(set(known) - {BEFORE}), MOST_SHAPE_ROWS - rows)
    fitted = []
    for each in shapes:
        is_new = each.shape not in known and each.shape != OTHER_SHAPE
        room -= is_new
        fitted.append(replace(each, shape=OTHER_SHAPE) if is_new and room < 0 else each)
    return merge_shapes(fitted)


@lru_cache(maxsize=MOST_APART)
def believed_version(told: str, declared: str) -> str:
    """Return the version that a message has `told`, where it is one at all; else the `declared` one."""
    if not told:
        return declared
    try:
        release_of(told)
    except DeclarationError:
        return declared
    return told
