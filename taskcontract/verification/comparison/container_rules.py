"""What a rule says of an object or an array as such, whatever is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.equality import same_exactly
from taskcontract.verification.comparison.wording import count, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import MatchRule

__all__ = ["WHOLE_MATCHERS", "find_array_fault", "find_object_fault"]

WHOLE_MATCHERS = frozenset({"values", "eachValue", "arrayContains"})
"""Matchers under which each member of an object is compared, those of no example with the first one's."""
OF_AN_OBJECT = WHOLE_MATCHERS | {"type", "equality", "notEmpty", "regex", "eachKey"}
"""Matchers that may stand at an object; to all others it is a fault."""


def find_object_fault(
    rule: MatchRule,
    wanted: dict[str, Json],
    given: dict[str, Json],
    spend: Callable[[int], None],
    *,
    inherited: bool,
) -> str | None:
    """Return what `rule` says against the object `given`; `inherited` if it was given for something above."""
    spend(1)
    if rule.match in OF_AN_OBJECT:
        return _find_fault(rule, wanted, given, spend, inherited=inherited)
    return f"{show(given)} is an object, of which the matcher {rule.match!r} says nothing"


def find_array_fault(
    rule: MatchRule, wanted: list[Json], given: list[Json], spend: Callable[[int], None], *, inherited: bool
) -> str | None:
    """Return what `rule` says against the array `given`; `inherited` if it was given for something above."""
    spend(1)
    if rule.match == "null":
        return f"{show(given)} is not null"
    return _find_fault(rule, wanted, given, spend, inherited=inherited)


def _find_fault(
    rule: MatchRule, wanted: Json, given: Json, spend: Callable[[int], None], *, inherited: bool
) -> str | None:
    match rule.match:
        case "type":
            return _size_fault(rule, given, inherited=inherited)
        case "equality" if not same_exactly(wanted, given, spend):
            return f"{show(given)} is not equal to {show(wanted)}"
        case "notEmpty" if not given:
            return f"{show(given)} is empty"
        case _:
            return None


def _size_fault(rule: MatchRule, given: Any, *, inherited: bool) -> str | None:
    least, most = rule.parameters.get("min", 0), rule.parameters.get("max", len(given))
    if inherited:
        return None
    if len(given) < least:
        return f"{count(given)}, and there must be at least {least}"
    if len(given) > most:
        return f"{count(given)}, and there may be at most {most}"
    return None
