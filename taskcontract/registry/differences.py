"""Where two JSON values differ, for a reader who expected the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.model.equality import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["describe_difference"]

MOST_SHOWN = 5
LONGEST_VALUE = 60
NAMES = ("description", "wire_name", "name", "provider")
"""Members by which an item of an array is called, rather than by its number."""


def describe_difference(there: Json, said: Json) -> str:
    """Return the first places where two values differ, a line each, indented."""
    lines: list[str] = []
    for place, before, after in _walk(there, said, "$"):
        if len(lines) == MOST_SHOWN:
            lines.append("    ...")
            break
        lines.append(f"    {place}: {_show(before)} is published, not {_show(after)}")
    return "\n".join(lines)


class _Absent:
    """Stands for what one side has not."""


_ABSENT = _Absent()


def _walk(there: Json, said: Json, place: str) -> Iterator[tuple[str, Json, Json]]:
    if isinstance(there, list) and isinstance(said, list):
        there, said = _name_items(there), _name_items(said)
    if not (isinstance(there, dict) and isinstance(said, dict)):
        if not _is_same(there, said):
            yield place, there, said
        return
    for name in dict.fromkeys((*there, *said)):
        before, after = there.get(name, _ABSENT), said.get(name, _ABSENT)
        if not _is_same(before, after):
            step = f".{name}" if name.isidentifier() else f"[{name!r}]"
            yield from _walk(before, after, place + step)


def _is_same(there: Json, said: Json) -> bool:
    if there is _ABSENT or said is _ABSENT:
        return there is said
    return same_json(there, said)


def _name_items(items: list[Json]) -> dict[str, Json]:
    """Return `items` by their names, where all have one of their own; else by their numbers."""
    for member in NAMES:
        named = {
            each[member]: each
            for each in items
            if isinstance(each, dict) and isinstance(each.get(member), str)
        }
        if len(named) == len(items):
            return named
    return {str(number): each for number, each in enumerate(items)}


def _show(value: Json) -> str:
    if value is _ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."
