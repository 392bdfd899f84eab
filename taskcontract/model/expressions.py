"""Values that only running the code tells: their text stands in the spec, and equal texts are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["expression_of", "write_expression"]

EXPRESSION = "x-expression"
"""The one key of the object that stands for such a value."""


def write_expression(text: str) -> Json:
    """Return what stands in a spec for the value of the expression `text`."""
    return {EXPRESSION: text}


def expression_of(value: Json) -> str | None:
    """Return the text of the expression that `value` stands for; None for a value that is known."""
    if isinstance(value, dict) and value.keys() == {EXPRESSION}:
        text = value[EXPRESSION]
        return text if isinstance(text, str) else None
    return None
