"""Annotations from JSON Schemas: the Python type that a binding declares for what a spec says."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from taskcontract.codegen.formatting import quote
from taskcontract.codegen.imports import Imports, Origin
from taskcontract.model.canonical import dump_canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.canonical import Json

__all__ = ["is_plain_json", "spell_type"]

PLAIN = {
    "integer": "int",
    "string": "str",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}
ANY = Origin("typing", "Any")


def spell_type(schema: Json, imports: Imports) -> str:
    """Return the text of a type whose JSON values are those of `schema`; `imports` learns its names.

    It is `Any` where no type that needs no class of its own says the same: a model, an opaque type.
    """
    text = _spell(schema, imports)
    return imports.add(ANY) if text is None else text


def is_plain_json(schema: Json) -> bool:
    """Return whether the values of a type are in Python what they are in JSON, as far as it can be said."""
    return _find_leaf(schema) is None


def _spell(schema: Json, imports: Imports) -> str | None:
    if not isinstance(schema, dict):
        return None
    leaf = _find_leaf(schema)
    if leaf is not None:
        return imports.add(leaf)
    said = {key: value for key, value in schema.items() if key not in ("title", "description")}
    if said.keys() in ({"enum"}, {"enum", "type"}):
        return _spell_literal(cast("list[Json]", said["enum"]), imports)
    if said.keys() == {"anyOf"}:
        return _spell_union(cast("list[Json]", said["anyOf"]), imports)
    if said.keys() == {"type"} and isinstance(said["type"], str):
        text = PLAIN[said["type"]]
        return text.replace("Any", imports.add(ANY)) if "Any" in text else text
    return _spell_container(said, imports)


def _spell_container(said: Mapping[str, Json], imports: Imports) -> str | None:
    """Return `list[X]`, `dict[str, X]` or a tuple; None for what is none of these, or has more to say."""
    if said.keys() == {"type", "items"} and said["type"] == "array":
        return f"list[{spell_type(said['items'], imports)}]"
    if said.keys() == {"type", "additionalProperties"} and said["type"] == "object":
        return f"dict[str, {spell_type(said['additionalProperties'], imports)}]"
    if said.keys() == {"type", "prefixItems", "minItems", "maxItems"}:
        items = cast("list[Json]", said["prefixItems"])
        if said["minItems"] == said["maxItems"] == len(items):
            return f"tuple[{', '.join(spell_type(item, imports) for item in items)}]"
    return None


def _spell_union(members: list[Json], imports: Imports) -> str | None:
    texts = [_spell(member, imports) for member in members]
    return None if None in texts else " | ".join(cast("list[str]", texts))


def _spell_literal(values: list[Json], imports: Imports) -> str | None:
    """Return `Literal["a", 1]`; None where a value cannot stand in one, as 1.5 or a list."""
    texts = []
    for value in values:
        if not (value is None or isinstance(value, (str, bool, int))):
            return None
        texts.append(quote(value) if isinstance(value, str) else repr(value))
    return f"{imports.add(Origin('typing', 'Literal'))}[{', '.join(texts)}]"


def _find_leaf(schema: Json) -> Origin | None:
    """Return the class of the standard library that `schema` is written for, such as `datetime.date`."""
    return _list_leaves().get(dump_canonical(schema)) if schema not in (True, {}) else None


@cache
def _list_leaves() -> Mapping[str, Origin]:
    """Ask the codec itself for the schema of each."""
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal
    from uuid import UUID

    from taskcontract.declare.codec import Codec

    leaves: tuple[Any, ...] = (date, datetime, time, timedelta, Decimal, UUID, bytes)
    return {
        dump_canonical(Codec(leaf).schema("read")): Origin(leaf.__module__, leaf.__name__) for leaf in leaves
    }
