"""The schemas of arrays and of objects whose keys are data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.declare.wire.checks import hash_of
from taskcontract.declare.wire.leaves import key_leaf
from taskcontract.declare.wire.objects import has_default
from taskcontract.declare.wire.scalars import choices_of, key_texts, leaf_schema
from taskcontract.declare.wire.writer import with_check
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from taskcontract.declare.wire.writer import Core, Schema, WriteCore, Writer

__all__ = ["CONTAINERS"]

_TEXT: Schema = {"type": "string"}
_UNHASHABLE = frozenset(
    {"any", "list", "set", "deque", "dict", "ordered-dict", "counter", "model", "dataclass", "typed-dict"}
    | {"definition-ref", "function-plain"}
)


def _write_array(writer: Writer, core: Core) -> Schema:
    schema = _with_items(writer, core, {"type": "array"})
    return _with_limits(core, schema, "Items")


def _write_set(writer: Writer, core: Core) -> Schema:
    """Return an array in which an item may stand twice: it is one item of the set."""
    schema = _with_limits(core, _with_items(writer, core, {"type": "array"}), "Items")
    items = core.get("items_schema", {"type": "any"})
    if items["type"] == "any":
        schema["items"] = {"type": ["boolean", "null", "number", "string"]}
    elif may_be_unhashable(items):
        schema = with_check(schema, "items that can be hashed", hash_of(None))
    least = core.get("min_length") or 0
    return with_check(schema, "items that differ", hash_of(least)) if least > 1 else schema


def may_be_unhashable(core: object) -> bool:
    """Return whether values of a core schema may have no hash, so that they are in no set."""
    if isinstance(core, (list, tuple)):
        return any(map(may_be_unhashable, core))
    if not isinstance(core, dict):
        return False
    if core.get("type") in _UNHASHABLE:
        return True
    return any(may_be_unhashable(part) for name, part in core.items() if name not in ("metadata", "cls"))


def _with_items(writer: Writer, core: Core, schema: Schema) -> Schema:
    items = core.get("items_schema")
    if items is not None and items["type"] != "any":
        schema["items"] = writer.write(items)
    return schema


def _with_limits(core: Core, schema: Schema, what: str) -> Schema:
    if core.get("min_length"):
        schema[f"min{what}"] = core["min_length"]
    if core.get("max_length") is not None:
        schema[f"max{what}"] = core["max_length"]
    return schema


def _write_tuple(writer: Writer, core: Core) -> Schema:
    items = core["items_schema"]
    variadic = core.get("variadic_item_index")
    if variadic is not None and len(items) > variadic + 1:
        raise DeclarationError("a tuple with items behind its `...` has no JSON form", do="Use a list.")
    schema: Schema = {"type": "array"}
    fixed = items if variadic is None else items[:variadic]
    if fixed:
        schema["prefixItems"] = [writer.write(item) for item in fixed]
    if variadic is None:
        return {**schema, "minItems": len(items), "maxItems": len(items)}
    if fixed:
        schema["minItems"] = len(fixed)
    return _with_limits(core, _with_items(writer, {"items_schema": items[variadic]}, schema), "Items")


def _write_named_tuple(writer: Writer, core: Core) -> Schema:
    """Return an array; an object of its fields is read as well."""
    fields = core["fields"]
    required = [field["name"] for field in fields if not has_default(field["schema"])]
    schemas = {field["name"]: writer.write(field["schema"]) for field in fields}
    array: Schema = {
        "type": "array",
        "title": core["cls"].__name__,
        "prefixItems": list(schemas.values()),
        "minItems": len(fields if writer.mode == "write" else required),
        "maxItems": len(fields),
    }
    if writer.mode == "write":
        return array
    named: Schema = {"type": "object", "properties": {**schemas}, "additionalProperties": False}
    if required:
        named["required"] = list(required)
    return {"anyOf": [array, named]}


def _write_mapping(writer: Writer, core: Core) -> Schema:
    schema: Schema = {"type": "object"}
    values, keys = core.get("values_schema"), core.get("keys_schema")
    if values is not None and values["type"] != "any":
        schema["additionalProperties"] = writer.write(values)
    names = _TEXT if keys is None else _write_key(writer, keys)
    if names != _TEXT:
        schema["propertyNames"] = names
    return _with_limits(core, schema, "Properties")


def _write_key(writer: Writer, core: Core) -> Schema:
    """Return the schema of an object's keys, which are texts."""
    leaf = key_leaf(core)
    if leaf is not None:
        return leaf_schema(leaf)
    if core["type"] == "any":
        return _TEXT
    if core["type"] in ("literal", "enum"):
        return {"type": "string", "enum": sorted(set(key_texts(choices_of(core))))}
    schema = writer.write(core)
    if writer.definitions.resolve(schema).get("type") != "string":
        raise DeclarationError(
            "the keys of an object in JSON are texts, and the keys of a dict here are not",
            do="Use keys of one type that has a text form: str, numbers, dates, UUIDs, enums.",
        )
    return schema


CONTAINERS: dict[str, WriteCore] = {
    **dict.fromkeys(("list", "deque", "generator"), _write_array),
    **dict.fromkeys(("set", "frozenset"), _write_set),
    "tuple": _write_tuple,
    "named-tuple": _write_named_tuple,
    **dict.fromkeys(("dict", "ordered-dict", "counter"), _write_mapping),
}
"""By the type of the core schema."""
