"""Whether a JSON Schema is well-formed: every keyword holds what the standard lets it hold.

It answers before an engine reads the schema, so that a slip is an error with its place and not a
wrong verdict. Unknown keywords are let through, as the standard asks (2020-12 section 6.5); draft 7
spellings too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.pattern_form import find_pattern_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.model.canonical import Json

__all__ = ["find_schema_fault"]

TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})

Fault = tuple[str, str]
"""The JSON path from the schema's root (`.items.type`) and what is wrong there."""


def find_schema_fault(schema: Json) -> Fault | None:
    """The first place where `schema` is no JSON Schema, or None."""
    refs: list[tuple[str, str]] = []
    fault = next(_find_faults(schema, "", refs), None)
    if fault is None and refs and not _mentions_id(schema):
        from taskcontract.model.schema_refs import find_ref_fault

        return find_ref_fault(schema, refs)
    return fault


def _find_faults(schema: Json, path: str, refs: list[tuple[str, str]]) -> Iterator[Fault]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield path, "a JSON Schema is an object or a boolean"
        return
    for keyword, value in schema.items():
        place = f"{path}.{keyword}"
        if keyword in _CHECKS:
            allowed, holds = _CHECKS[keyword]
            if not holds(value):
                yield place, f"{keyword} must be {allowed}"
            elif keyword == "$ref":
                refs.append((place, value))
        elif keyword == "pattern":
            yield from _check_pattern(value, place)
        else:
            yield from _find_inside(keyword, value, place, refs)


def _find_inside(keyword: str, value: Json, path: str, refs: list[tuple[str, str]]) -> Iterator[Fault]:
    if keyword in _NAMED_SCHEMAS:
        yield from _find_named(keyword, value, path, refs)
    elif keyword in _SCHEMAS or (keyword == "items" and isinstance(value, list)):
        yield from _find_listed(keyword, value, path, refs)
    elif keyword in _SCHEMA:
        yield from _find_faults(value, path, refs)


def _find_listed(keyword: str, value: Json, path: str, refs: list[tuple[str, str]]) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield path, f"{keyword} must be an array of schemas"
        return
    for index, item in enumerate(value):
        yield from _find_faults(item, f"{path}[{index}]", refs)


def _find_named(keyword: str, value: Json, path: str, refs: list[tuple[str, str]]) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield path, f"{keyword} must be an object of schemas"
        return
    for name, item in value.items():
        if keyword == "patternProperties":
            yield from _check_pattern(name, f"{path}[{name!r}]")
        if keyword != "dependencies" or not _is_names(item):
            yield from _find_faults(item, f"{path}.{name}", refs)


def _check_pattern(pattern: Json, path: str) -> Iterator[Fault]:
    if not isinstance(pattern, str):
        yield path, "a pattern must be a string"
    elif fault := find_pattern_fault(pattern):
        yield path, f"this is no regular expression: {fault}"


def _mentions_id(value: Json) -> bool:
    """Whether some part has a URI of its own, from which its pointers would then start."""
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


_SCHEMA = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
    }
    | {"unevaluatedItems", "unevaluatedProperties"}
)
_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_NAMED_SCHEMAS = frozenset(
    {"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"}
)

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
        for name in ("$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "format")
    },
}
