"""A schema as a sender reads it who adds no keys of his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["close_objects"]

BY_NAME = ("properties", "$defs", "definitions")
PARTS = ("items", "additionalProperties")
LISTS = ("anyOf", "oneOf", "prefixItems")
COMBINED = frozenset(
    {"allOf", "not", "if", "dependentSchemas", "dependencies", "patternProperties", "unevaluatedProperties"}
)
"""Keywords beside which closing an object could refuse keys that another part of the schema names."""


def close_objects(schema: Json) -> Json:
    """Close the objects of `schema`, except those that name no key or that say what further keys hold.

    It is `schema` itself where it is hard to say which keys an object names.
    """
    closed = _close(schema)
    return schema if closed is None else closed


def _close(schema: Json) -> Json | None:
    """Return the closed schema; None if its keys cannot be told."""
    if not isinstance(schema, dict):
        return schema
    if schema.keys() & COMBINED or ("$ref" in schema and "properties" in schema):
        return None
    closed = dict(schema)
    for key, part in schema.items():
        if key in PARTS:
            closed[key] = _close(part)
        elif key in BY_NAME and isinstance(part, dict):
            closed[key] = _all_or_none(dict(zip(part, map(_close, part.values()), strict=True)))
        elif key in LISTS and isinstance(part, list):
            closed[key] = _all_or_none(dict(enumerate(map(_close, part))))
            closed[key] = closed[key] and list(closed[key].values())
        if closed[key] is None and part is not None:
            return None
    if "properties" in schema and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed


def _all_or_none(parts: dict[Any, Json | None]) -> dict[Any, Json] | None:
    return None if None in parts.values() else parts
