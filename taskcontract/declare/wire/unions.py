"""The schemas of values that are one of several types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.declare.wire.checks import hash_of, name_of
from taskcontract.declare.wire.scalars import key_texts
from taskcontract.declare.wire.writer import with_check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.declare.wire.writer import Core, Schema, WriteCore, Writer
    from taskcontract.model.canonical import Json

__all__ = ["UNIONS"]


def _write_nullable(writer: Writer, core: Core) -> Schema:
    return {"anyOf": [writer.write(core["schema"]), {"type": "null"}]}


def _write_union(writer: Writer, core: Core) -> Schema:
    choices = (choice[0] if isinstance(choice, tuple) else choice for choice in core["choices"])
    unique = _distinct(map(writer.write, choices))
    return unique[0] if len(unique) == 1 else {"anyOf": [*unique]}


def _write_tagged_union(writer: Writer, core: Core) -> Schema:
    tag = core["discriminator"]
    by_tag = dict(
        zip(key_texts([*core["choices"]]), map(writer.write, core["choices"].values()), strict=True)
    )
    unique = _distinct(by_tag.values())
    if not isinstance(tag, str):
        named = name_of(tag) if callable(tag) else "discriminator"
        return with_check({"anyOf": [*unique]}, named, hash_of(tag if callable(tag) else repr(tag)))
    if writer.mode == "read":
        # A branch may do without the tag where its field has a default; the union never does.
        unique = [{**schema, "required": _with(schema.get("required"), tag)} for schema in unique]
    schema: Schema = {"oneOf": [*unique]}
    mapping = {key: branch.get("$ref") for key, branch in by_tag.items()}
    if all(mapping.values()):
        schema["discriminator"] = {"propertyName": tag, "mapping": mapping}
    return schema


def _distinct(schemas: Iterable[Schema]) -> list[Schema]:
    unique: list[Schema] = []
    for schema in schemas:
        if schema not in unique:
            unique.append(schema)
    return unique


def _with(required: Json, name: str) -> list[Json]:
    names = required if isinstance(required, list) else []
    return names if name in names else [*names, name]


UNIONS: dict[str, WriteCore] = {
    "nullable": _write_nullable,
    "union": _write_union,
    "tagged-union": _write_tagged_union,
}
"""By the type of the core schema."""
