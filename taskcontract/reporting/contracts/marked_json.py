"""A JSON value as indented lines, with the places marked that something is said of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from taskcontract.model.rule_path import spell_value_path
from taskcontract.reporting.contracts.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from xml.etree.ElementTree import Element

    from taskcontract.model.canonical import Json
    from taskcontract.reporting.contracts.markup import Part

__all__ = ["show_json"]

MOST_LINES = 400
LONGEST = 2000
"""Characters of one text that are shown."""


def show_json(
    value: Json, notes: Mapping[str, str] | None = None, marked: AbstractSet[str] = frozenset()
) -> Element:
    """Return `value` as a `pre` element.

    `notes` says something of values by their paths (`$.items[0].id`), which stands beside them; those whose
    paths are in `marked` are marked.
    """
    parts: list[Part] = []
    for number, (path, indent, text) in enumerate(_lines(value)):
        if number == MOST_LINES:
            parts.append("... (there is more)\n")
            break
        note = (notes or {}).get(path) if path else None
        parts += ["  " * indent, element("mark", text) if path in marked else text]
        parts += ["  ", element("small", note)] if note else []
        parts.append("\n")
    return element("pre", *parts)


def _lines(value: Json) -> Iterator[tuple[str, int, str]]:
    """Yield the path (empty on closing lines), the depth and the text of each line."""
    # A list of what is left to show, not recursion: values may be nested as deep as they like.
    waiting: list[tuple[tuple[str | int, ...] | None, int, str, Any, str]] = [((), 0, "", value, "")]
    while waiting:
        path, depth, label, part, comma = waiting.pop()
        if path is None:
            yield "", depth, f"{label}{comma}"
        elif isinstance(part, dict | list) and part:
            opening, closing = "{}" if isinstance(part, dict) else "[]"
            yield spell_value_path(path), depth, f"{label}{opening}"
            waiting.append((None, depth, closing, None, comma))
            members: list[tuple[str | int, str, Any]] = (
                [(name, f"{_dump(name)}: ", each) for name, each in part.items()]
                if isinstance(part, dict)
                else [(index, "", each) for index, each in enumerate(part)]
            )
            last = len(members) - 1
            waiting += [
                ((*path, step), depth + 1, before, each, "," if index < last else "")
                for index, (step, before, each) in reversed(list(enumerate(members)))
            ]
        else:
            yield spell_value_path(path), depth, f"{label}{_dump(part)}{comma}"


def _dump(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
