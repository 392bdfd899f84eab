"""Whether a JSON Schema is well-formed: every keyword holds what the standard lets it hold.

It answers before an engine reads the schema, so that a slip is an error with its place and not a
wrong verdict. Unknown keywords are let through, as the standard asks (2020-12 section 6.5); draft 7
spellings too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.pattern_form import find_pattern_fault
from taskcontract.model.schema_parts import BY_NAME, LISTS, ONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json

__all__ = ["find_schema_fault"]

PLAIN = ("string", "integer", "number", "boolean", "object", "array", "null")
TYPES = frozenset(PLAIN)
LONGEST_ADDRESS = 2_000

Fault = tuple[str, str]
"""The JSON path from the schema down (`.items.type`) and what is wrong there."""


def find_schema_fault(schema: Json) -> Fault | None:
    """Return the first place where `schema` is no JSON Schema, or None."""
    if type(schema) is dict and len(schema) == 1 and schema.get("type") in PLAIN:
        return None  # what most schemas are
    refs: list[str] = []
    fault = _find_fault(schema, refs)
    if fault is None and refs and not _mentions_id(schema):
        from taskcontract.model.schema_refs import find_ref_fault

        return find_ref_fault(schema, refs)
    return fault


def _find_fault(schema: Json, refs: list[str]) -> Fault | None:
    """Return the first fault; add the references of `schema` to `refs`. Paths are built on the way back."""
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, dict):
        return "", "a JSON Schema is an object or a boolean"
    for keyword, value in schema.items():
        check = _CHECKS.get(keyword)
        if check is not None:
            if not check[1](value):
                return f".{keyword}", f"{keyword} must be {check[0]}"
            if keyword == "$ref":
                refs.append(value)
        elif keyword in _HOLDERS:
            fault = _HOLDERS[keyword](keyword, value, refs)
            if fault is not None:
                return f".{keyword}{fault[0]}", fault[1]
    return None


def _find_in_one(keyword: str, value: Json, refs: list[str]) -> Fault | None:
    if keyword == "items" and isinstance(value, list):  # draft 7
        return _find_in_list(keyword, value, refs)
    return _find_fault(value, refs)


def _find_in_list(keyword: str, value: Json, refs: list[str]) -> Fault | None:
    if not isinstance(value, list):
        return "", f"{keyword} must be an array of schemas"
    for index, item in enumerate(value):
        fault = _find_fault(item, refs)
        if fault is not None:
            return f"[{index}]{fault[0]}", fault[1]
    return None


def _find_in_names(keyword: str, value: Json, refs: list[str]) -> Fault | None:
    if not isinstance(value, dict):
        return "", f"{keyword} must be an object of schemas"
    for name, item in value.items():
        if keyword == "patternProperties" and (fault := _check_pattern(keyword, name, refs)):
            return f"[{name!r}]", fault[1]
        if keyword == "dependencies" and _is_names(item):  # draft 7
            continue
        fault = _find_fault(item, refs)
        if fault is not None:
            return f".{name}{fault[0]}", fault[1]
    return None


def _check_pattern(keyword: str, pattern: Json, refs: list[str]) -> Fault | None:
    if not isinstance(pattern, str):
        return "", "a pattern must be a string"
    wrong = find_pattern_fault(pattern)
    return ("", f"this is not a regular expression: {wrong}") if wrong else None


def _mentions_id(value: Json) -> bool:
    """Return whether some part has a URI of its own, from which its pointers would then start."""
    if isinstance(value, dict):
        return "$id" in value or any(_mentions_id(item) for item in value.values())
    return isinstance(value, list) and any(_mentions_id(item) for item in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and value % 1 == 0


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_type(value: Any) -> bool:
    names = value if isinstance(value, list) else [value]
    return _is_names(names) and TYPES.issuperset(names)


def _is_address(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS:
        return False
    if "//" in value:  # only a host can be wrong
        from urllib.parse import urlsplit

        try:
            urlsplit(value)
        except ValueError:
            return False
    return True


_HOLDERS: dict[str, Callable[[str, Json, list[str]], Fault | None]] = {
    **dict.fromkeys(ONE, _find_in_one),
    **dict.fromkeys(LISTS, _find_in_list),
    **dict.fromkeys(BY_NAME, _find_in_names),
    "pattern": _check_pattern,
}
"""The keywords that hold schemas or patterns, each with how it does."""

_CHECKS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "type": ("the name of a JSON type, or an array of them", _is_type),
    "enum": ("an array", lambda value: isinstance(value, list)),
    "required": ("an array of names", _is_names),
    "uniqueItems": ("true or false", lambda value: isinstance(value, bool)),
    "multipleOf": ("a number above 0", lambda value: _is_number(value) and value > 0),
    "dependentRequired": (
        "an object of arrays of names",
        lambda value: isinstance(value, dict) and all(map(_is_names, value.values())),
    ),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), ("a number", _is_number)),
    **{
        f"{end}{what}": ("a whole number from 0", _is_count)
        for end in ("min", "max")
        for what in ("Length", "Items", "Properties", "Contains")
    },
    **{
        name: ("a string", lambda value: isinstance(value, str))
        for name in ("$schema", "$anchor", "$dynamicAnchor", "format")
    },
    **dict.fromkeys(
        ("$id", "$ref", "$dynamicRef"),
        (f"a string, and a URI reference of at most {LONGEST_ADDRESS:,} characters", _is_address),
    ),
}
