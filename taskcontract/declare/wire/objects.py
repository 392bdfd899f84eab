"""The schemas of objects with named fields: models, dataclasses, TypedDicts."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING

from pydantic_core import SchemaValidator, ValidationError, to_json

from taskcontract.declare.wire.checks import hash_of, is_foreign, name_of
from taskcontract.declare.wire.known import holds_secrets
from taskcontract.declare.wire.narrowing import narrow
from taskcontract.declare.wire.settling import read_keys
from taskcontract.declare.wire.writer import with_check
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.wire.writer import Core, Schema, WriteCore, Writer
    from taskcontract.model.canonical import Json

__all__ = ["OBJECTS", "has_default"]


def has_default(core: Core) -> bool:
    """Return whether a field's value may be left out."""
    if core["type"].startswith("function-") and "schema" in core:
        return has_default(core["schema"])
    return bool(core["type"] == "default")


def _write_class(writer: Writer, core: Core) -> Schema:
    """Return a model or a dataclass."""
    schema = _write_inside(writer, core["schema"], core)
    for function in _class_functions(core):
        schema = with_check(schema, name_of(function), hash_of(function))
    return _with_name(core, schema)


def _write_inside(writer: Writer, inner: Core, owner: Core) -> Schema:
    """Return what a class holds: its fields, perhaps inside of validators, or the root of a root model."""
    if inner["type"] in ("model-fields", "dataclass-args"):
        return _write_fields(writer, inner, owner)
    if inner["type"].startswith("function-") and "schema" in inner and not owner.get("root_model"):
        # The validators are written as everywhere; behind them are still this class's fields.
        fields = {"type": "fields of a class", "inner": inner["schema"], "owner": owner}
        return writer.write({**inner, "schema": fields})
    return writer.write(inner)


def _write_class_fields(writer: Writer, core: Core) -> Schema:
    return _write_inside(writer, core["inner"], core["owner"])


def _write_typed_dict(writer: Writer, core: Core) -> Schema:
    return _with_name(core, _write_fields(writer, core, core))


def _with_name(core: Core, schema: Schema) -> Schema:
    """Return `schema` with the title and the description of the class."""
    cls = core.get("cls")
    if cls is None or "$ref" in schema:
        return schema
    named: Schema = {**schema, "title": (core.get("config") or {}).get("title") or cls.__name__}
    doc = vars(cls).get("__doc__")
    if doc and not doc.startswith(f"{cls.__name__}("):  # a dataclass without one has its signature there
        named["description"] = cleandoc(doc)
    return named


def _class_functions(core: Core) -> Iterator[object]:
    """Yield the user's code that runs when an instance is made, beside its fields' validators."""
    names = ["__init__"] if core.get("custom_init") else []
    post = core.get("post_init")
    if post:
        names.append(post if isinstance(post, str) else "__post_init__")
    for name in names:
        function = getattr(core.get("cls"), name, None)
        if is_foreign(function):
            yield function


def _write_fields(writer: Writer, inner: Core, owner: Core) -> Schema:
    """Return the schema of the fields of `owner`."""
    properties: dict[str, Json] = {}
    schema: Schema = {"type": "object", "properties": properties}
    required: list[Json] = []
    for name, field in _fields_of(inner):
        if not _travels(writer, field):
            continue
        if writer.mode == "read":
            _require_way(field, name, owner)
        keys = _keys_of(writer, field, name)
        properties.update({key: {} for key in keys[1:]})
        properties[keys[0]] = writer.write(field["schema"])
        if writer.mode == "read":
            require_default(field["schema"], _place(owner, name))
        if len(keys) > 1:
            aliases = hash_of(repr(field["validation_alias"]))
            schema = with_check(schema, f"aliases of {_place(owner, name)}", aliases)
        elif _is_always_there(writer, field):
            required.append(keys[0])
    for field in inner.get("computed_fields", ()) if writer.mode == "write" else ():
        key = field.get("alias") or field["property_name"]
        properties[key] = writer.write(field["return_schema"])
        required.append(key)
    if required:
        schema["required"] = required
    return {**schema, **_extra(writer, inner, owner)}


def _extra(writer: Writer, inner: Core, owner: Core) -> Schema:
    """Return what keys beside the fields hold, where that is said."""
    extra = inner.get("extra_behavior") or (owner.get("config") or {}).get("extra_fields_behavior")
    if extra == "forbid":
        return {"additionalProperties": False}
    if extra == "allow" and inner.get("extras_schema"):
        return {"additionalProperties": writer.write(inner["extras_schema"])}
    return {}


def _fields_of(inner: Core) -> Iterator[tuple[str, Core]]:
    fields = inner["fields"]
    if isinstance(fields, dict):
        yield from fields.items()
    else:
        for field in fields:
            yield field["name"], field


def _travels(writer: Writer, field: Core) -> bool:
    """Return whether the field is among those that are read, or written."""
    if writer.mode == "read":
        return field.get("init") is not False
    return not (field.get("serialization_exclude") or field.get("init_only"))


def _is_always_there(writer: Writer, field: Core) -> bool:
    if field["type"] == "typed-dict-field":
        return bool(field.get("required", True))
    return writer.mode == "write" or not has_default(field["schema"])


def _keys_of(writer: Writer, field: Core, name: str) -> list[str]:
    """Return the key that a field is written under, then the other top-level keys that it is read from."""
    if writer.mode == "write":
        return [field.get("serialization_alias") or name]
    keys = read_keys(field, name)
    alias = field.get("validation_alias")
    if alias is None or isinstance(alias, str):
        return keys
    paths = alias if isinstance(alias[0], list) else [alias]
    return [*keys[:1], *(path[0] for path in paths if [path[0]] != keys[:1])]


def _place(owner: Core, name: str) -> str:
    return f"{getattr(owner.get('cls'), '__name__', 'a TypedDict')}.{name}"


def _require_way(field: Core, name: str, owner: Core) -> None:
    """Raise a DeclarationError for a field that is read and never written so that it could be."""
    where = _place(owner, name)
    if field.get("init_only") or field.get("serialization_exclude"):
        if field["type"] == "typed-dict-field" or not has_default(field["schema"]):
            left_out = "an InitVar, which is not kept" if field.get("init_only") else "excluded"
            raise DeclarationError(
                f"{where} is {left_out}, so that it is never written, and cannot be read without it",
                do="Give it a default.",
            )
    elif not read_keys(field, name):
        raise DeclarationError(
            f"{where} is read from deep inside an object, and not written there",
            do="Let it have a plain alias too: AliasChoices('name', AliasPath(...)).",
        )


OBJECTS: dict[str, WriteCore] = {
    "model": _write_class,
    "dataclass": _write_class,
    "typed-dict": _write_typed_dict,
    "fields of a class": _write_class_fields,
}
"""By the type of the core schema; "fields of a class" is made here alone."""


_SCALARS = frozenset(
    {"bool", "int", "float", "str", "bytes", "decimal", "date", "datetime", "time", "timedelta", "uuid"}
    | {"enum", "literal"}
)


def require_default(core: Core, where: str) -> None:
    """Raise a DeclarationError where the default of a single value does not fit its type.

    Pydantic does not check defaults; a receiver does, and would refuse an object that is sent with one.
    """
    if core["type"] != "default" or "default" not in core or core["schema"]["type"] not in _SCALARS:
        return
    try:
        text = to_json(core["default"], bytes_mode="base64")
        SchemaValidator(narrow(core["schema"])).validate_json(text, strict=True)
    except (ValidationError, ValueError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        shown = f"{core['default']!r}, which does not fit its type: {why}"
        raise DeclarationError(
            f"{where} has the default {'***, which does not fit its type' if holds_secrets(core) else shown}",
            do="Let the type hold the default too, such as `str | None` for None, or change the default.",
        ) from None
