"""`unevaluatedProperties` and `unevaluatedItems`, by cases: which neighbours hold, what those have seen."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from taskcontract.diff.schemas.assertions import Has, ItemsFrom, Properties
from taskcontract.diff.schemas.dialects import DRAFT_2020
from taskcontract.diff.schemas.formulas import TRUE
from taskcontract.diff.schemas.places import ROOT
from taskcontract.diff.schemas.values import OBJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.reader import Reader
    from taskcontract.diff.schemas.values import Json

#: More cases than this are not worth telling apart, and references deeper than this are loops.
MOST_CASES, MOST_DEPTH = 64, 20


class _TooManyCasesError(Exception):
    """Control flow: what the neighbours have seen cannot be told in a few cases."""


class _Case(NamedTuple):
    """Under this condition these properties and this many items have been seen."""

    condition: Formula
    names: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    all_names: bool = False
    items: int = 0
    all_items: bool = False


_UNKNOWN = frozenset(("$dynamicRef", "$recursiveRef", "dependencies"))


def read_unevaluated_properties(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    """Return the condition on the properties that no other keyword has evaluated."""

    def require(case: _Case, part: Formula) -> Formula:
        return TRUE if case.all_names else reader.formulas.make(Properties, case.names, case.patterns, part)

    return _read_unevaluated(reader, members, place, "unevaluatedProperties", require)


def read_unevaluated_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    """Return the condition on the items that no other keyword has evaluated."""

    def require(case: _Case, part: Formula) -> Formula:
        return TRUE if case.all_items else reader.formulas.make(ItemsFrom, case.items, part)

    return _read_unevaluated(reader, members, place, "unevaluatedItems", require)


def _read_unevaluated(
    reader: Reader,
    members: dict[str, Json],
    place: Place,
    keyword: str,
    require: Callable[[_Case, Formula], Formula],
) -> Formula:
    """Return in which case what is left satisfies the keyword's schema; `require` says so of one case."""
    part = reader.read(members[keyword], place)
    if part is TRUE:
        return TRUE
    try:
        cases = _find_cases(reader, members, place, keyword, 0)
    except _TooManyCasesError:
        return reader.opaque(members, place, "what is unevaluated here cannot be told in advance")
    make = reader.formulas
    return make.any_of(*(make.all_of(case.condition, require(case, part)) for case in cases))


def _find_cases(
    reader: Reader, members: dict[str, Json], place: Place, asking: str, depth: int
) -> list[_Case]:
    hidden = asking == "unevaluatedItems" and "contains" in members
    if depth > MOST_DEPTH or hidden or not _UNKNOWN.isdisjoint(members) or (depth and "$id" in members):
        raise _TooManyCasesError
    factors: list[list[_Case]] = [[_see_own(reader, members, asking if depth == 0 else "")]]
    above = place[0] or ROOT

    def look(schema: Json, at: Place) -> list[_Case]:
        if not isinstance(schema, dict):
            return [_Case(TRUE)]
        return _find_cases(reader, cast("dict[str, Json]", schema), (at, ""), asking, depth + 1)

    if "$ref" in members:
        factors.append(_look_behind(reader, members, place, asking, depth))
    factors.extend(look(schema, above) for schema in _list_of(members, "allOf"))
    factors.extend(
        _either(reader, reader.read(schema, (above, keyword)), look(schema, above))
        for keyword in ("anyOf", "oneOf")
        for schema in _list_of(members, keyword)
    )
    if "if" in members:
        factors.append(_see_condition(reader, members, above, look))
    make = reader.formulas
    dependent = members.get("dependentSchemas")
    for name, schema in cast("dict[str, Json]", dependent).items() if isinstance(dependent, dict) else ():
        present = make.all_of(make.type_is(OBJECT), make.make(Has, name))
        factors.append(_either(reader, present, look(schema, above)))
    return _combine(reader, factors)


def _see_own(reader: Reader, members: dict[str, Json], asking: str) -> _Case:
    named, matched = members.get("properties"), members.get("patternProperties")
    rest = "additionalProperties" in members or ("unevaluatedProperties" in members and asking == "")
    leading = members.get("prefixItems" if reader.reading.draft == DRAFT_2020 else "items")
    count = len(cast("list[object]", leading)) if isinstance(leading, list) else 0
    if reader.reading.draft == DRAFT_2020:
        whole = "items" in members
    else:
        whole = "items" in members and (not isinstance(leading, list) or "additionalItems" in members)
    return _Case(
        TRUE,
        frozenset(cast("dict[str, Json]", named)) if isinstance(named, dict) else frozenset(),
        frozenset(cast("dict[str, Json]", matched)) if isinstance(matched, dict) else frozenset(),
        rest,
        count,
        whole or ("unevaluatedItems" in members and asking == ""),
    )


def _look_behind(
    reader: Reader, members: dict[str, Json], place: Place, asking: str, depth: int
) -> list[_Case]:
    target = reader.follow(members["$ref"], place)
    if target is None:
        raise _TooManyCasesError
    if not isinstance(target[0], dict):
        return [_Case(TRUE)]
    outer = reader.resource
    reader.resource = target[1]
    try:
        return _find_cases(reader, cast("dict[str, Json]", target[0]), place, asking, depth + 1)
    finally:
        reader.resource = outer


def _see_condition(reader: Reader, members: dict[str, Json], above: Place, look: Any) -> list[_Case]:
    condition = reader.read(members["if"], (above, "if"))
    then = look(members.get("then", True), above)
    otherwise = look(members.get("else", True), above)
    holds = _Case(condition)
    fails = _Case(reader.formulas.negate(condition))
    return [
        *_combine(reader, [[holds], look(members["if"], above), then]),
        *_combine(reader, [[fails], otherwise]),
    ]


def _either(reader: Reader, condition: Formula, cases: list[_Case]) -> list[_Case]:
    seen = _combine(reader, [[_Case(condition)], cases])
    return [*seen, _Case(reader.formulas.negate(condition))]


def _list_of(members: dict[str, Json], keyword: str) -> list[Json]:
    value = members.get(keyword)
    return cast("list[object]", value) if isinstance(value, list) else []


def _combine(reader: Reader, factors: Iterable[list[_Case]]) -> list[_Case]:
    lists = [cases for cases in factors if cases]
    count = 1
    for cases in lists:
        count *= len(cases)
    if count > MOST_CASES:
        raise _TooManyCasesError
    reader.budget.spend(count)
    combined: list[_Case] = []
    for chosen in product(*lists):
        condition = reader.formulas.all_of(*(case.condition for case in chosen))
        if condition.may:
            combined.append(
                _Case(
                    condition,
                    frozenset[str]().union(*(case.names for case in chosen)),
                    frozenset[str]().union(*(case.patterns for case in chosen)),
                    any(case.all_names for case in chosen),
                    max(case.items for case in chosen),
                    any(case.all_items for case in chosen),
                )
            )
    return combined
