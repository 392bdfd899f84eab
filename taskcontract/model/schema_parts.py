"""Where a JSON Schema has other schemas inside: what each keyword holds, and one walk to change them.

A name is a keyword only where a schema stands: a property may be called `default` or `properties`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json

__all__ = ["BY_NAME", "DATA", "LISTS", "ONE", "SCHEMAS", "change_parts"]

DATA = frozenset(("const", "enum", "default", "example", "examples"))
"""Keywords whose values are data, whatever they look like."""

BY_NAME = frozenset(
    ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
)
"""Keywords whose values are objects of schemas, one per name."""

ONE = frozenset(
    (
        *("additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items"),
        *("not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
    )
)
"""Keywords whose values are schemas; `items` may be a list of them in older drafts."""

LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
"""Keywords whose values are lists of schemas."""

SCHEMAS = ONE | LISTS


def change_parts(schema: dict[str, Json], change: Callable[[Json], Json]) -> dict[str, Json]:
    """Return `schema` with each schema right inside it replaced by `change`; itself if nothing changes."""
    changed: dict[str, Json] = {}
    for keyword, value in schema.items():
        if keyword in SCHEMAS:
            new = _change_each(value, change) if isinstance(value, list) else change(value)
        elif keyword in BY_NAME and isinstance(value, dict):
            new = _change_named(value, change)
        else:
            continue
        if new is not value:
            changed[keyword] = new
    return {**schema, **changed} if changed else schema


def _change_each(parts: list[Json], change: Callable[[Json], Json]) -> list[Json]:
    new = list(map(change, parts))
    return parts if all(one is other for one, other in zip(new, parts, strict=True)) else new


def _change_named(parts: dict[str, Json], change: Callable[[Json], Json]) -> dict[str, Json]:
    new = {name: change(part) for name, part in parts.items()}
    return parts if all(new[name] is part for name, part in parts.items()) else new
