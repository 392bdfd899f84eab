"""Types that have no JSON form, named as a task's author wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack, get_args, get_origin

from pydantic.errors import PydanticUserError

from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["USE", "refuse_type", "refuse_unpacked"]

USE = "Use builtins, dataclasses, TypedDicts, enums, dates, Decimal, UUID or pydantic models."


def refuse_type(annotation: Any, error: Exception) -> DeclarationError:
    """Return the error for an annotation that pydantic cannot read, which names the type at fault."""
    for kind in _list_types(annotation):
        if hasattr(kind, "__attrs_attrs__"):
            return DeclarationError(
                f"{kind.__qualname__} is an attrs class, whose JSON form is not declared anywhere",
                do="Make it a dataclass (attrs' fields and defaults carry over) or a pydantic model.",
            )
        if hasattr(kind, "__struct_fields__"):
            return DeclarationError(
                f"{kind.__qualname__} is a msgspec Struct, whose JSON form is not declared anywhere",
                do="Make it a dataclass or a pydantic model.",
            )
    lines = str(getattr(error, "message", error)).splitlines() or [type(error).__name__]
    if not isinstance(error, PydanticUserError):
        shown = annotation.__qualname__ if isinstance(annotation, type) else str(annotation)
        return DeclarationError(
            f"{shown} cannot be read: {lines[-1].strip()}", do="Correct the type or its constraints."
        )
    first = lines[0]
    named = first.split(" for ")[-1].rstrip(".").split(". ")[0] if " for " in first else first
    return DeclarationError(f"{named} has no JSON form", do=USE)


def refuse_unpacked(annotation: Any) -> None:
    """Raise a DeclarationError for a tuple with another one unpacked inside, which pydantic misreads."""
    for part in get_args(annotation):
        if getattr(part, "__unpacked__", False) or get_origin(part) is Unpack:
            raise DeclarationError(
                f"{annotation} unpacks a tuple inside another, which has no JSON form",
                do="Use tuple[A, B] or tuple[A, ...].",
            )
        refuse_unpacked(part)


def _list_types(annotation: Any) -> Iterator[type]:
    """Yield the classes that an annotation names, those of its fields included."""
    seen: set[int] = set()
    waiting = [annotation]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, type):
            yield current
        waiting.extend(get_args(current))
        if isinstance(current, type):
            waiting.extend(getattr(current, "__annotations__", {}).values())
