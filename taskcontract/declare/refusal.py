"""The error for a value outside its parameter's type."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from taskcontract.declare.describe import HIDDEN, describe_value
from taskcontract.declare.parameter import place_of
from taskcontract.declare.wire.ways import WAYS
from taskcontract.errors import ArgumentValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic_core import ValidationError

    from taskcontract.declare.slots import Slot

__all__ = ["refusal_of", "say_spot", "spell_type"]


def refusal_of(
    function: Callable[..., Any], slot: Slot, value: Any, error: ValidationError
) -> ArgumentValueError:
    """Return the error that names the parameter and, inside a structured value, the spot."""
    first = error.errors(include_url=False, include_context=False)[0]
    spot = "" if slot.secret else say_spot(first["loc"])  # the spot may be a key of a dict
    culprit = first["input"] if first["loc"] and not first["type"].startswith("missing") else value
    shown = HIDDEN if slot.secret else describe_value(culprit)
    # A message of pydantic's may quote the value.
    why = f"is not {spell_type(slot.item.annotation)}" if slot.secret else _lowered(first["msg"])
    return ArgumentValueError(
        f"parameter {slot.name!r}{f' at {slot.name}{spot}' if spot else ''}: {why}; got {shown}",
        parameter=slot.name,
        where=place_of(function),
        do=f"Pass a value of its declared type, {spell_type(slot.whole.annotation)}.",
    )


def say_spot(path: Iterable[int | str]) -> str:
    """Return where in a value an error is: `.lines[0].price`; empty for the value itself."""
    parts = (part for part in path if part not in WAYS)
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def spell_type(annotation: Any) -> str:
    """Return the annotation as its author would write it, without what `Annotated` adds to a type."""
    if annotation is None or annotation is NoneType:
        return "None"
    if annotation is Ellipsis:
        return "..."
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return spell_type(arguments[0])
    if origin in (Union, UnionType):
        return " | ".join(map(spell_type, arguments))
    if isinstance(origin, type) and arguments and not isinstance(arguments[0], list):
        return f"{origin.__qualname__}[{', '.join(map(spell_type, arguments))}]"
    if isinstance(annotation, type) and not arguments:
        return annotation.__qualname__
    return str(annotation).replace("typing.", "")


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
