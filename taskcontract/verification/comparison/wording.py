"""How a mismatch speaks of a JSON value."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["as_text", "count", "kind", "show"]

LONGEST = 80
"""Characters of a value that a mismatch shows."""


def as_text(value: Json) -> str:
    """Return what a pattern is held against: a string itself, the JSON of anything else as Pact has it."""
    if isinstance(value, float):
        return re.sub(r"e\+?(-?)0*", r"e\1", repr(value))
    return value if isinstance(value, str) else to_json(value)


def to_json(value: Json) -> str:
    """Return `value` as JSON without blanks."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return "a deeply nested value"


def kind(value: Json) -> str:
    """Return the type of `value` with its article."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    names: dict[type, str] = {str: "a string", list: "an array", dict: "an object", type(None): "null"}
    return names.get(type(value), "a JSON value")


def count(value: Json) -> str:
    """Return `2 items` of an array, `1 member` of an object."""
    noun = "item" if isinstance(value, list) else "member"
    return f"{len(value)} {noun}{'' if len(value) == 1 else 's'}"


def show(value: Json) -> str:
    """Return `value` as JSON, cut where it is long."""
    text = to_json(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
