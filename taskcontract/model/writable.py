"""Which values a JSON file cannot hold: refused where they come from, not when the file is written."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from taskcontract.model.canonical import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_unwritable"]

PLAIN = (str, int, float, bool, type(None))
ROOM = 40
"""Levels that the file itself needs around a value."""


def find_unwritable(value: Any) -> tuple[str, str] | None:
    """Return the first place inside `value`, the root `$`, that has no JSON form, and what is wrong there.

    Such as `("$.lines[0].price", "nan is not a JSON number")`; None where all of it can be written and read.
    """
    level = [("$", value)]
    for _ in range(DEEPEST - ROOM):
        inside: list[tuple[str, Any]] = []
        for path, item in level:
            fault = _find_fault(item)
            if fault:
                return path, fault
            inside += _members_of(path, item)
        if not inside:
            return None
        level = inside
    return "$", f"this is nested more than {DEEPEST - ROOM} levels deep"


def _find_fault(item: Any) -> str:
    if isinstance(item, float) and not isfinite(item):
        return f"{item!r} is not a JSON number"
    if isinstance(item, dict):
        wrong = [key for key in item if not isinstance(key, str)] or [key for key in item if _is_half(key)]
        return f"the key {wrong[0]!r} is not a text that JSON can hold" if wrong else ""
    if isinstance(item, str) and _is_half(item):
        return f"{item!r} holds half of a character"
    return "" if isinstance(item, (*PLAIN, list, tuple)) else f"{item!r} has no JSON form"


def _members_of(path: str, item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, dict):
        yield from ((f"{path}.{name}", member) for name, member in item.items())
    elif isinstance(item, list | tuple):
        yield from ((f"{path}[{index}]", member) for index, member in enumerate(item))


def _is_half(text: str) -> bool:
    """Return whether a surrogate stands alone in `text`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
