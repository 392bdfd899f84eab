"""The walk of an example and an actual value side by side, with the rules for each place.

It is Pact's: which rules are asked at an object or array, and which example serves an item or a member that
has none of its own. Values may be nested deeper than Python recurses: functions that look inside are
generators, which yield those that look further.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from taskcontract.model.contract import MatchRule
from taskcontract.model.matchers import OPTIONAL
from taskcontract.verification.comparison.container_rules import (
    WHOLE_MATCHERS,
    find_array_fault,
    find_object_fault,
)
from taskcontract.verification.comparison.differences import EnoughError
from taskcontract.verification.comparison.key_faults import find_key_faults
from taskcontract.verification.comparison.nested_rules import read_inner_rules, read_variants
from taskcontract.verification.comparison.rule_book import open_items
from taskcontract.verification.comparison.scalar_rules import find_value_fault
from taskcontract.verification.comparison.wording import count, kind, show

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from taskcontract.model.canonical import Json
    from taskcontract.model.rule_path import Step
    from taskcontract.verification.comparison.differences import Found, ValuePath
    from taskcontract.verification.comparison.patterns import Patterns
    from taskcontract.verification.comparison.rule_book import RulePosition

__all__ = ["Comparison"]

EQUALITY = MatchRule("$", "equality")
Walk: TypeAlias = "Generator[Walk, None, None]"


class Comparison:
    """One comparison within bounds; `strict` refuses members that the example has not."""

    def __init__(self, patterns: Patterns, spend: Callable[[int], None], most: int, *, strict: bool) -> None:
        self._patterns = patterns
        self._spend = spend
        self._most = most
        self._strict = strict

    def run(self, wanted: Json, place: RulePosition, given: Json, found: Found) -> None:
        """Add all differences to `found`; WorkSpentError and EnoughError where a bound is reached."""
        waiting = [self._value((), place, wanted, given, found)]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
            else:
                waiting.append(step)

    def _add(self, found: Found, path: ValuePath, what: str, wanted: Json, given: Json) -> None:
        found.append((path, what, wanted, given))
        if len(found) == self._most:
            raise EnoughError

    def _value(self, path: ValuePath, place: RulePosition, wanted: Json, given: Json, found: Found) -> Walk:
        self._spend(1)
        if place.declared or (given is None and place.nullable):
            return
        rules = list(place.rules)
        if isinstance(wanted, dict) and isinstance(given, dict):
            yield self._object(path, place, rules, wanted, given, found)
        elif isinstance(wanted, list) and isinstance(given, list):
            yield self._array(path, place, rules, wanted, given, found)
        elif isinstance(wanted, dict | list):
            self._add(found, path, f"{show(given)} is not {kind(wanted)}", wanted, given)
        else:
            rules = rules or [EQUALITY]
            faults = [
                fault
                for rule in rules
                if (fault := find_value_fault(rule, wanted, given, self._patterns, self._spend))
            ]
            if rules[0].combine != "OR" or len(faults) == len(rules):
                for fault in faults:
                    self._add(found, path, fault, wanted, given)

    def _enter(self, place: RulePosition, part: str | int) -> RulePosition:
        self._spend(len(place.branches))
        return place.enter(part)

    # Objects.

    def _object(
        self,
        path: ValuePath,
        place: RulePosition,
        rules: list[MatchRule],
        wanted: dict[str, Json],
        given: dict[str, Json],
        found: Found,
    ) -> Walk:
        below = place.list_below()
        self._spend(len(below))
        more = _optional_members(below, wanted, given)
        plain = not rules
        for rule in rules:
            if rule.match in WHOLE_MATCHERS and not place.inherited:
                yield self._members_alike(path, place, rule, wanted, given, found)
                continue
            fault = find_object_fault(rule, wanted, given, self._spend, inherited=place.inherited)
            if fault is not None:
                self._add(found, path, fault, wanted, given)
            plain = True
        if plain:
            allowed = {*wanted, *more} if self._strict else None
            for inside, what, one, other in find_key_faults(
                place, wanted, given, allowed, self._patterns, self._spend
            ):
                self._add(found, (*path, *inside), what, one, other)
            shared = {name: example for name, example in wanted.items() if name in given}
            for name, example in {**shared, **more}.items():
                yield self._value((*path, name), self._enter(place, name), example, given[name], found)

    def _members_alike(
        self,
        path: ValuePath,
        place: RulePosition,
        rule: MatchRule,
        wanted: dict[str, Json],
        given: dict[str, Json],
        found: Found,
    ) -> Walk:
        inside = open_items(read_inner_rules(rule)) if rule.match == "eachValue" else place
        if not wanted:
            return
        first = wanted[min(wanted)]
        for name, value in given.items():
            yield self._value((*path, name), self._enter(inside, name), wanted.get(name, first), value, found)

    # Arrays.

    def _array(
        self,
        path: ValuePath,
        place: RulePosition,
        rules: list[MatchRule],
        wanted: list[Json],
        given: list[Json],
        found: Found,
    ) -> Walk:
        if not rules:
            yield self._pairs(path, place, wanted, given, found)
            return
        if not wanted:  # Pact asks no rule about an array whose example has no items
            return
        several = rules[0].combine == "OR"
        inside: Found = []
        if any(not _looks_inside(rule) for rule in rules):
            yield self._items(path, place, wanted, given, inside if several else found)
        outcomes: list[Found] = []
        for rule in rules:
            outcome: Found = [] if several else found
            if _looks_inside(rule):
                yield self._alike(path, place, rule, wanted, given, outcome)
            else:
                fault = find_array_fault(rule, wanted, given, self._spend, inherited=place.inherited)
                if fault is not None:
                    self._add(outcome, path, fault, wanted, given)
                outcome += inside
            outcomes.append(outcome)
        if several and all(outcomes):
            for difference in chain.from_iterable(outcomes):
                self._add(found, *difference)

    def _pairs(
        self, path: ValuePath, place: RulePosition, wanted: list[Json], given: list[Json], found: Found
    ) -> Walk:
        if len(wanted) != len(given):
            self._add(found, path, f"{count(given)} instead of {count(wanted)}", wanted, given)
        for index, (example, item) in enumerate(zip(wanted, given, strict=False)):
            yield self._value((*path, index), self._enter(place, index), example, item, found)

    def _alike(
        self,
        path: ValuePath,
        place: RulePosition,
        rule: MatchRule,
        wanted: list[Json],
        given: list[Json],
        found: Found,
    ) -> Walk:
        if rule.match == "arrayContains":
            yield self._contains(path, rule, wanted, given, found)
        elif not place.inherited:
            yield self._items(path, open_items(read_inner_rules(rule)), wanted, given, found)

    def _items(
        self, path: ValuePath, place: RulePosition, wanted: list[Json], given: list[Json], found: Found
    ) -> Walk:
        """Compare each item with its example; the first example serves those that have none."""
        for index, item in enumerate(given):
            example = wanted[index] if index < len(wanted) else wanted[0]
            yield self._value((*path, index), self._enter(place, index), example, item, found)

    def _contains(
        self, path: ValuePath, rule: MatchRule, wanted: list[Json], given: list[Json], found: Found
    ) -> Walk:
        """Find an item for each variant; the paths of a variant's rules begin at the item."""
        for index, place in read_variants(rule, len(wanted)):
            if index >= len(wanted):
                self._add(found, path, f"the example has no item {index} for this variant", wanted, given)
                continue
            for item in given:
                trial: Found = []
                yield self._value((), place, wanted[index], item, trial)
                if not trial:
                    break
            else:
                self._add(found, path, f"no item is like {show(wanted[index])}", wanted, given)


def _looks_inside(rule: MatchRule) -> bool:
    return rule.match in ("arrayContains", "eachValue")


def _optional_members(
    below: list[tuple[Step, MatchRule]], wanted: dict[str, Json], given: dict[str, Json]
) -> dict[str, Json]:
    """Return the examples of members that may be missing, and are there."""
    return {
        step: rule.parameters["example"]
        for step, rule in below
        if rule.match == OPTIONAL and isinstance(step, str) and step in given and step not in wanted
    }
