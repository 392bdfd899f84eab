"""The error for a value outside its parameter's type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.describe import HIDDEN, describe_value
from taskcontract.declare.parameter import place_of
from taskcontract.errors import ArgumentValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ValidationError

    from taskcontract.declare.slots import Slot

__all__ = ["refusal_of", "spell_type"]


def refusal_of(
    function: Callable[..., Any], slot: Slot, value: Any, error: ValidationError
) -> ArgumentValueError:
    """The error that names the parameter and, inside a structured value, the spot."""
    first = error.errors(include_url=False, include_context=False)[0]
    spot = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    culprit = first["input"] if first["loc"] and not first["type"].startswith("missing") else value
    shown = HIDDEN if slot.secret else describe_value(culprit)
    # A message of pydantic's may quote the value.
    why = f"is not {spell_type(slot.item.annotation)}" if slot.secret else _lowered(first["msg"])
    return ArgumentValueError(
        f"parameter {slot.name!r}{f' at {slot.name}{spot}' if spot else ''}: {why}; got {shown}",
        parameter=slot.name,
        where=place_of(function),
        do=f"Its declared type is {spell_type(slot.whole.annotation)}.",
    )


def spell_type(annotation: Any) -> str:
    """The annotation as its author would write it."""
    if annotation is None:
        return "None"
    return (
        annotation.__qualname__
        if isinstance(annotation, type) and not hasattr(annotation, "__args__")
        else (str(annotation).replace("typing.", ""))
    )


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
