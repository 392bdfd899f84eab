"""Which keys an object must have, may have, and what they must be like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.verification.comparison.nested_rules import read_inner_rules
from taskcontract.verification.comparison.scalar_rules import find_key_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.verification.comparison.differences import Difference
    from taskcontract.verification.comparison.patterns import Patterns
    from taskcontract.verification.comparison.rule_book import RulePosition

__all__ = ["find_key_faults"]

KEY_MATCHERS = frozenset({"values", "eachValue", "eachKey"})
"""Matchers that stand for whatever keys an object has."""


def find_key_faults(
    place: RulePosition,
    wanted: dict[str, Json],
    given: dict[str, Json],
    allowed: set[str] | None,
    patterns: Patterns,
    spend: Callable[[int], None],
) -> Iterator[Difference]:
    """Yield what is wrong about the keys of `given`, by paths below it. It may have those `allowed` alone."""
    if not any(rule.match in KEY_MATCHERS for rule in place.own):
        for name in wanted:
            if name not in given:
                yield (), f"the member {name!r} is missing", wanted, given
        unexpected = given.keys() - allowed if allowed is not None else ()
        for name in filter(unexpected.__contains__, given):
            yield (), f"the member {name!r} is not expected", wanted, given
    if place.own:
        yield from _find_misfits(place, given, patterns, spend)


def _find_misfits(
    place: RulePosition, given: dict[str, Json], patterns: Patterns, spend: Callable[[int], None]
) -> Iterator[Difference]:
    for rule in place.rules:
        for inner in read_inner_rules(rule) if rule.match == "eachKey" else ():
            for key in given:
                spend(1)
                fault = find_key_fault(inner, key, patterns)
                if fault is not None:
                    yield (key,), fault, "", key
