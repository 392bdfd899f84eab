"""The schemas of single values: numbers, texts, the members of an enum, and what travels as text."""

from __future__ import annotations

from decimal import Decimal
from enum import Flag
from math import isfinite
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from taskcontract.declare.wire.checks import hash_of, hash_of_core
from taskcontract.declare.wire.leaves import BOUNDS, leaf_of
from taskcontract.declare.wire.texts import write_text
from taskcontract.declare.wire.writer import with_check
from taskcontract.errors import DeclarationError
from taskcontract.model.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.declare.wire.leaves import Leaf
    from taskcontract.declare.wire.writer import Core, Schema, WriteCore, Writer
    from taskcontract.model.canonical import Json

__all__ = ["SCALARS", "choices_of", "flags_of", "key_texts", "leaf_schema", "mask_of"]

MOST_FLAGS = 1023

_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def leaf_schema(leaf: Leaf) -> Schema:
    """Return the schema of the texts that stand for a leaf's values."""
    schema: Schema = {"type": "string", "pattern": leaf.patterns[0]}
    if leaf.format:
        schema["format"] = leaf.format
    if len(leaf.patterns) > 1:
        schema["allOf"] = [{"pattern": each} for each in leaf.patterns[1:]]
    if leaf.checks:
        schema[CHECKS] = {name: hash_of(repr(value)) for name, value in leaf.checks.items()}
    return schema


def choices_of(core: Core) -> Sequence[Any]:
    """Return the values of a `literal` or `enum` core schema."""
    flags = flags_of(core)
    if flags is not None:
        if (most := mask_of(flags)) > MOST_FLAGS:
            raise DeclarationError(f"{flags.__name__} has more flags together than can be listed as keys")
        return [flags(number) for number in range(most + 1) if not number & ~most]
    found: Sequence[Any] = core["expected"] if core["type"] == "literal" else core["members"]
    return found


def flags_of(core: Core) -> type[Flag] | None:
    """Return the class of an `enum` core schema of flags that combine; None for any other core schema."""
    cls = core.get("cls")
    return cls if core["type"] == "enum" and isinstance(cls, type) and issubclass(cls, Flag) else None


def mask_of(flags: type[Flag]) -> int:
    """Return all the members of a Flag together, as a number."""
    mask = 0
    for member in flags:
        mask |= member.value
    return mask


def key_texts(values: Sequence[Any]) -> list[str]:
    """Return the texts that stand for literal values or enum members as the keys of an object."""
    return [next(iter(to_jsonable_python({value: None}, bytes_mode="base64"))) for value in values]


def _write_leaf(writer: Writer, core: Core) -> Schema:
    leaf = leaf_of(core)
    assert leaf is not None
    return leaf_schema(leaf)


def _write_decimal(writer: Writer, core: Core) -> Schema:
    text = _write_leaf(writer, core)
    return text if writer.mode == "write" else {"anyOf": [_numbers_of_decimal(core), text]}


def _numbers_of_decimal(core: Core) -> Schema:
    """Return the JSON numbers that a Decimal is read from."""
    schema = _write_number_limits(core, {"type": "number"})
    if core.get("multiple_of") is not None:
        # What is left of a division has at most as many digits as Python's decimal context.
        schema[CHECKS] = {"multiple of": hash_of(repr(core["multiple_of"]))}
    most, places = core.get("max_digits"), core.get("decimal_places")
    grids: list[Json] = []
    if most is not None:
        counts = [places] if places is not None else range(most + 1)
        grids += [_grid(most - count, count) for count in counts]
    elif places is not None:
        grids.append({"multipleOf": _power(-places)})
    if grids:
        schema["allOf"] = grids if len(grids) == 1 else [{"anyOf": grids}]
    if most is not None and most == places:
        schema["not"] = {"const": 0}  # a bare 0 counts as a digit before the point
    return schema


def _grid(whole: int, places: int) -> Schema:
    return {
        "multipleOf": _power(-places),
        "exclusiveMinimum": -_power(whole),
        "exclusiveMaximum": _power(whole),
    }


def _power(exponent: int) -> float:
    return 10**exponent if exponent >= 0 else float(Decimal(1).scaleb(exponent))


def _write_number(writer: Writer, core: Core) -> Schema:
    schema = _write_number_limits(core, {"type": "integer" if core["type"] == "int" else "number"})
    divisor = core.get("multiple_of")
    if core["type"] == "float" and divisor is not None and not float(divisor).is_integer():
        # pydantic allows for rounding there, and a schema does not.
        del schema["multipleOf"]
        schema[CHECKS] = {"multiple of": hash_of(repr(divisor))}
    return schema


def _write_number_limits(core: Core, schema: Schema) -> Schema:
    for name in BOUNDS:
        if core.get(name) is not None:
            schema[_LIMITS[name]] = _as_number(core[name])
    if core.get("multiple_of") is not None:
        schema["multipleOf"] = _as_number(core["multiple_of"])
    return schema


def _as_number(value: Any) -> float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    number: float = value
    return number


def _write_choices(writer: Writer, core: Core) -> Schema:
    """Return the members of an enum, or the values of a Literal."""
    flags = flags_of(core)
    if flags is not None:
        return _write_flags(flags)
    unique: list[Json] = []
    for value in choices_of(core):
        json = to_jsonable_python(value, bytes_mode="base64")
        if not _is_scalar(json):
            raise DeclarationError(
                f"{value!r} is not a text, number, bool or None, so that JSON cannot tell it from others",
                do="Give the members of the enum such values.",
            )
        if not any(isinstance(json, bool) is isinstance(one, bool) and json == one for one in unique):
            unique.append(json)
    schema: Schema = {"const": unique[0]} if len(unique) == 1 else {"enum": unique}
    kinds = {_KINDS[type(json)] for json in unique}
    if len(kinds) == 1:
        schema["type"] = kinds.pop()
    if core["type"] == "enum":
        schema["title"] = core["cls"].__name__
    return schema


def _write_flags(flags: type[Flag]) -> Schema:
    """Return the numbers of all the members that may be put together."""
    most = mask_of(flags)
    schema: Schema = {"type": "integer", "minimum": 0, "maximum": most, "title": flags.__name__}
    unused = most ^ (2 ** most.bit_length() - 1)
    return with_check(schema, "the flags that there are", hash_of(most)) if unused else schema


_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def _is_scalar(json: Json) -> bool:
    return type(json) in _KINDS and (not isinstance(json, float) or isfinite(json))


def _write_opaque(writer: Writer, core: Core) -> Schema:
    """Return what pydantic-core reads in a way that no pattern shows."""
    types: Json = ["string", "number"] if core["type"] == "fraction" else "string"
    return {"type": types, CHECKS: {core["type"]: hash_of_core(core)}}


SCALARS: dict[str, WriteCore] = {
    "any": lambda writer, core: {},
    "none": lambda writer, core: {"type": "null"},
    "bool": lambda writer, core: {"type": "boolean"},
    "int": _write_number,
    "float": _write_number,
    "str": write_text,
    "literal": _write_choices,
    "enum": _write_choices,
    "decimal": _write_decimal,
    **dict.fromkeys(("date", "datetime", "time", "timedelta", "uuid", "bytes"), _write_leaf),
    **dict.fromkeys(("url", "multi-host-url", "complex", "fraction"), _write_opaque),
}
"""By the type of the core schema."""
