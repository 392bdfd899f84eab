"""What a spec's schemas say beside JSON Schema: checks that only code knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.equality import spell_sorted
from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["CHECKS", "INNER", "NOT_RECORDED", "mark_not_recorded"]

CHECKS = "x-checks"
"""The checks of a value that no keyword shows: an object of hashes by the checks' names."""

INNER = "x-inner"
"""What the values are like behind such a check that sees them first; it asserts nothing."""

NOT_RECORDED = "an older release wrote this spec without the forms of its values: publish it again"
"""The check that stands for all that a spec of format 1 leaves out."""

_PLAIN = frozenset(
    {
        "$defs",
        "$ref",
        "additionalProperties",
        "anyOf",
        "const",
        "default",
        "description",
        "enum",
        "examples",
        "items",
        "title",
        "type",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxItems",
        "minItems",
        "maxLength",
        "minLength",
    }
)
"""The keywords of types that are read as their schema says, in format 1 too."""


def mark_not_recorded(schema: Json) -> Json:
    """Return a schema of format 1 in which each part that may be incomplete is replaced by an unknown one."""
    if not isinstance(schema, dict):
        return schema
    if schema.keys() - _PLAIN or _may_be_decimal(schema):
        # The same text in two such specs stands for the same type, any other for another.
        from hashlib import sha256

        hash_ = sha256(spell_sorted(schema).encode()).hexdigest()[:16]
        return {CHECKS: {NOT_RECORDED: hash_}, INNER: schema}
    return change_parts(schema, mark_not_recorded)


def _may_be_decimal(schema: dict[str, Json]) -> bool:
    """Return whether this is how format 1 wrote a Decimal; a union of numbers and texts looks the same."""
    options = schema.get("anyOf")
    types = (
        [option.get("type") for option in options if isinstance(option, dict)]
        if isinstance(options, list)
        else []
    )
    return "number" in types and "string" in types
