"""How much of what messages say of their callers is kept apart: they may say anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError
from taskcontract.model.version import release_of
from taskcontract.operations.usage.use import OTHER, UseKey, merge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from taskcontract.operations.usage.use import Use

__all__ = ["KEPT_SECONDS", "MOST_APART", "MOST_ROWS", "Bound", "believed_version", "fit"]

MOST_APART = 1_000
"""Callers (by task and version) that one worker keeps apart for a service, each day anew."""

MOST_ROWS = 5_000
"""Callers (by task and version) that a store keeps apart for a service."""

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


def believed_version(told: str, declared: str) -> str:
    """Return the version that a message has `told`, where it is one at all; else the `declared` one."""
    try:
        release_of(told)
    except DeclarationError:
        return declared
    return told
