"""Where a pydantic-core schema has schemas inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PARTS", "holds_instances", "walk_core"]

PARTS = frozenset(
    {
        "schema",
        "items_schema",
        "keys_schema",
        "values_schema",
        "choices",
        "steps",
        "fields",
        "lax_schema",
        "strict_schema",
        "json_schema",
        "python_schema",
        "definitions",
        "extras_schema",
        "arguments_schema",
    }
)


def walk_core(core: Any) -> Iterator[dict[str, Any]]:
    """Yield a core schema and all that are inside it, fields too, outermost first, but no serializers."""
    if isinstance(core, (list, tuple)):  # a union's choice may be a pair of its schema and its label
        for part in core:
            yield from walk_core(part)
    elif isinstance(core, dict):
        is_schema = isinstance(core.get("type"), str)  # else these are fields or choices by their names
        if is_schema:
            yield core
        for name, part in core.items():
            if not is_schema or name in PARTS:
                yield from walk_core(part)


def holds_instances(core: Any) -> bool:
    """Return whether a core schema, or a part of it, is a model's or a dataclass's."""
    return any(part["type"] in ("model", "dataclass") for part in walk_core(core))
