"""One JSON Schema for what several say together, as far as a strategy needs it: what is left is filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.equality import same_exactly

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PATTERNS", "merge"]

PATTERNS = "patterns"
"""The patterns of merged schemas, of which JSON Schema has one each."""

_GREATER = frozenset(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "multipleOf"))
_SMALLER = frozenset(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"))
_SCHEMAS = frozenset(("additionalProperties", "items", "propertyNames"))


def merge(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema of about the values that both schemas take: never fewer, sometimes more."""
    merged: dict[str, Any] = dict(one)
    for keyword, value in other.items():
        if keyword == "pattern":
            merged[PATTERNS] = [*merged.get(PATTERNS, ()), value]
        elif keyword == PATTERNS:
            merged[PATTERNS] = [*merged.get(PATTERNS, ()), *value]
        elif keyword not in merged:
            merged[keyword] = value
        else:
            merged[keyword] = _join(keyword, merged[keyword], value, merged)
    return merged


def _join(keyword: str, mine: Any, other: Any, merged: dict[str, Any]) -> Any:
    if keyword in _GREATER:
        return max(mine, other)
    if keyword in _SMALLER:
        return min(mine, other)
    if keyword == "type":
        return _common_types(mine, other)
    if keyword == "enum":
        return [each for each in mine if any(same_exactly(each, one) for one in other)]
    if keyword == "required":
        return [*dict.fromkeys([*mine, *other])]
    if keyword in ("properties", "patternProperties"):
        return {
            **mine,
            **{name: _both(mine[name], part) if name in mine else part for name, part in other.items()},
        }
    if keyword in _SCHEMAS:
        return _both(mine, other)
    if keyword in ("anyOf", "oneOf"):
        merged["allOf"] = [*merged.get("allOf", ()), {keyword: other}]
    if keyword == "allOf":
        return [*mine, *other]
    return mine


def _both(one: Any, other: Any) -> Any:
    if one is True or one == {}:
        return other
    return one if other is True or other == {} else {"allOf": [one, other]}


def _common_types(one: Any, other: Any) -> list[str]:
    mine, theirs = (each if isinstance(each, list) else [each] for each in (one, other))
    common = [kind for kind in mine if kind in theirs]
    if "integer" not in common and {"integer", "number"} <= {*mine, *theirs}:
        common.append("integer")
    return common
