"""The schemas of values that code checks, and of what pydantic-core wraps around other schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_jsonable_python

from taskcontract.declare.wire.checks import hash_of, hash_of_core, name_of
from taskcontract.declare.wire.known import find_known, holds_secrets, is_secret
from taskcontract.declare.wire.writer import with_check
from taskcontract.model.checks import CHECKS, INNER
from taskcontract.model.equality import spell_sorted
from taskcontract.model.writable import find_unwritable

if TYPE_CHECKING:
    from taskcontract.declare.wire.known import Known
    from taskcontract.declare.wire.writer import Core, Schema, WriteCore, Writer

__all__ = ["FUNCTIONS"]


def _write_after(writer: Writer, core: Core) -> Schema:
    """Return a check that sees what the inner schema has taken."""
    function = core["function"]["function"]
    known = find_known(function, core["schema"])
    if known is not None:
        return _write_known(known, core)
    return with_check(writer.write(core["schema"]), name_of(function), hash_of(function))


def _write_around(writer: Writer, core: Core) -> Schema:
    """Return a check that sees the value itself, and may hand another one to the inner schema."""
    function = core["function"]["function"]
    known = find_known(function, core["schema"])
    if known is not None:
        return _write_known(known, core)
    inner = writer.write(core["schema"])
    return {
        CHECKS: {name_of(function): hash_of([hash_of(function), spell_sorted(inner)])},
        INNER: inner,
    }


def _write_known(known: Known, core: Core) -> Schema:
    schema: Schema = {"type": "string", "format": known.format}
    if known.pattern is not None:
        schema["pattern"] = known.pattern
    if known.exact:
        return schema
    return with_check(schema, known.says, hash_of_core(core["schema"]))


def _write_plain(writer: Writer, core: Core) -> Schema:
    function = core["function"]["function"]
    return {CHECKS: {name_of(function): hash_of(function)}}


def _write_chain(writer: Writer, core: Core) -> Schema:
    first, *rest = core["steps"]
    schema = writer.write(first)
    return with_check(schema, "a chain of checks", hash_of_core(rest)) if rest else schema


def _write_strict(writer: Writer, core: Core) -> Schema:
    strict = core["strict_schema"]
    if is_secret(strict):
        return {**writer.write(strict["json_schema"]["schema"]), "format": "password"}
    return writer.write(strict)


def _write_json_text(writer: Writer, core: Core) -> Schema:
    """Return a text that holds JSON itself."""
    inner = writer.write(core.get("schema", {"type": "any"}))
    schema: Schema = {"type": "string", "contentMediaType": "application/json", "contentSchema": inner}
    return with_check(schema, "the JSON inside a text", hash_of(spell_sorted(inner)))


def _write_default(writer: Writer, core: Core) -> Schema:
    schema = writer.write(core["schema"])
    if core.get("on_error", "raise") != "raise" and writer.mode == "read":
        return {INNER: schema}  # any other value is left out, or replaced
    if "default" in core and not holds_secrets(core):
        try:
            default = to_jsonable_python(core["default"], bytes_mode="base64", by_alias=True)
        except Exception:  # whatever writing the user's default raises: it is a note, and asserts nothing
            return schema
        if find_unwritable(default) is None:
            return {**schema, "default": default}
    return schema


def _write_definitions(writer: Writer, core: Core) -> Schema:
    for definition in core["definitions"]:
        writer.write(definition)
    return writer.write(core["schema"])


def _write_inner(name: str) -> WriteCore:
    return lambda writer, core: writer.write(core[name])


FUNCTIONS: dict[str, WriteCore] = {
    "function-after": _write_after,
    "function-before": _write_around,
    "function-wrap": _write_around,
    "function-plain": _write_plain,
    "chain": _write_chain,
    "lax-or-strict": _write_strict,
    "json-or-python": _write_inner("json_schema"),
    "custom-error": _write_inner("schema"),
    "json": _write_json_text,
    "default": _write_default,
    "definitions": _write_definitions,
}
"""By the type of the core schema."""
