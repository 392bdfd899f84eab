"""Comparing what a task returned with the example and the rules of an interaction, as Pact V4 does.

A rule holds for what is at its path and everything below, until a more specific rule takes over.
What no rule speaks of must be equal. An object may have more members than the example; an array must
be as long, unless a rule holds for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.model.contract import ANYTHING, MatchRule
from taskcontract.model.equality import same_exactly
from taskcontract.model.rule_path import spell_value_path
from taskcontract.verification.patterns import SECONDS, Patterns, PatternTimeoutError
from taskcontract.verification.rule_book import open_rules
from taskcontract.verification.wording import as_text, count, kind, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.verification.rule_book import RulePosition

__all__ = ["Mismatch", "find_mismatches"]

EQUALITY = MatchRule("$", "equality")

MOST_WORK = 3_000_000
"""Steps: positions visited, rules applied and values compared with each other; some seconds."""
MOST_MISMATCHES = 1_000
CHARACTERS_A_STEP = 200
"""Of a text in which another one is sought."""

ValuePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference: at `path` (`$.items[0].id`) stands `actual`, and `what` says why it does not match.

    Its text is `$.size: "12" is not an integer, as in the example 12`.
    """

    path: str
    what: str
    expected: Json
    actual: Json

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


class WorkSpentError(Exception):
    """Control flow: there is more to compare than one interaction may have."""


class Work:
    """The steps that are left to one comparison."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Count `steps`; raises WorkSpentError once there are none left."""
        self.left -= steps
        if self.left < 0:
            raise WorkSpentError


def find_mismatches(expected: Json, rules: Sequence[MatchRule], actual: Json) -> list[Mismatch]:
    """Return where the result `actual` is not what the example `expected` with its `rules` asks for.

    Any two JSON values can be compared. A rule with an unreadable path is a ContractError.
    A pattern that takes too long is a mismatch: nothing is known of that value. So is what is left when there
    is more to compare than `MOST_WORK`, or more is wrong than `MOST_MISMATCHES`.
    """
    if tuple(rules) == (ANYTHING,):
        return []
    found: list[Mismatch] = []
    with Patterns(SECONDS) as patterns:
        try:
            for mismatch in _compare(expected, rules, actual, patterns, Work(MOST_WORK)):
                found.append(mismatch)
                if len(found) == MOST_MISMATCHES:
                    found.append(_mismatch((), "more is wrong than is looked for", expected, actual))
                    break
        except WorkSpentError:
            what = f"{len(rules)} rules and this reply take more than {MOST_WORK:,} steps to compare"
            found.append(_mismatch((), f"{what}: the contract needs fewer rules", expected, actual))
    return found


def _compare(
    expected: Json, rules: Sequence[MatchRule], actual: Json, patterns: Patterns, work: Work
) -> Iterator[Mismatch]:
    # A list of what is left to compare, not recursion: results may be nested as deep as they like.
    whole = open_rules(rules)
    waiting: list[tuple[ValuePath, RulePosition, Json, Json]] = [((), whole, expected, actual)]
    while waiting:
        path, above, wanted, given = waiting.pop()
        place = above.enter(path[-1]) if path else whole
        work.spend(1 + len(above.branches))
        if isinstance(wanted, dict) and isinstance(given, dict):
            yield from _compare_containers(path, place, wanted, given, patterns, work)
            for name in wanted:
                if name not in given:
                    yield _mismatch(path, f"the member {name!r} is missing", wanted, given)
            shared = [name for name in wanted if name in given]
            waiting += [((*path, name), place, wanted[name], given[name]) for name in reversed(shared)]
        elif isinstance(wanted, list) and isinstance(given, list):
            yield from _compare_containers(path, place, wanted, given, patterns, work)
            waiting += reversed(list(_pair_items(path, place, wanted, given)))
        elif isinstance(wanted, dict | list):
            yield _mismatch(path, f"{show(given)} is not {kind(wanted)}", wanted, given)
        else:
            for fault in _apply(place.rules or (EQUALITY,), wanted, given, patterns, work):
                yield _mismatch(path, fault, wanted, given)


def _pair_items(
    path: ValuePath, place: RulePosition, wanted: list[Json], given: list[Json]
) -> Iterator[tuple[ValuePath, RulePosition, Json, Json]]:
    """Yield each item with its example; if a rule holds for the array, the first example serves the rest."""
    for index, item in enumerate(given):
        if index < len(wanted):
            yield (*path, index), place, wanted[index], item
        elif place.rules and wanted:
            yield (*path, index), place, wanted[0], item


def _compare_containers(
    path: ValuePath, place: RulePosition, wanted: Json, given: Json, patterns: Patterns, work: Work
) -> Iterator[Mismatch]:
    rules = place.rules
    if not rules and isinstance(wanted, list) and len(wanted) != len(given):
        what = f"{count(given)} instead of {count(wanted)}"
        yield _mismatch(path, what, wanted, given)
    faults = [
        fault
        for rule in rules
        if (fault := _container_fault(rule, wanted, given, patterns, work, inherited=place.inherited))
    ]
    if faults and (rules[0].combine == "AND" or len(faults) == len(rules)):
        for fault in faults:
            yield _mismatch(path, fault, wanted, given)


def _container_fault(
    rule: MatchRule, wanted: Json, given: Json, patterns: Patterns, work: Work, *, inherited: bool
) -> str | None:
    """Return what `rule` says against the object or array as such; its members are compared one by one."""
    parameters = rule.parameters
    match rule.match:
        case "type" if not inherited and len(given) < parameters.get("min", 0):
            return f"{count(given)}, and there must be at least {parameters['min']}"
        case "type" if not inherited and len(given) > parameters.get("max", len(given)):
            return f"{count(given)}, and there may be at most {parameters['max']}"
        case "equality" if not same_exactly(wanted, given, work.spend):
            return f"{show(given)} is not equal to {show(wanted)}"
        case "notEmpty" if not given:
            return f"{show(given)} is empty"
        case "type" | "equality" | "notEmpty" | "regex":
            return None
        case "include" if isinstance(given, dict):  # Pact reads text there, which an object is not
            return f"{show(given)} is not a text that holds {parameters['value']!r}"
        case _ if isinstance(given, list) and rule.match != "null":
            return None
    return _scalar_fault(rule, wanted, given, patterns, work)


def _apply(
    rules: Sequence[MatchRule], wanted: Json, given: Json, patterns: Patterns, work: Work
) -> list[str]:
    faults = [fault for rule in rules if (fault := _scalar_fault(rule, wanted, given, patterns, work))]
    return [] if rules[0].combine == "OR" and len(faults) < len(rules) else faults


def _scalar_fault(rule: MatchRule, wanted: Json, given: Json, patterns: Patterns, work: Work) -> str | None:
    """Return what `rule` says against `given`, or None."""
    work.spend(1)
    holds: bool
    match rule.match:
        case "type":
            holds, what = kind(wanted) == kind(given), kind(wanted)
        case "regex":
            return _pattern_fault(rule.parameters["regex"], given, patterns)
        case "include":
            part = rule.parameters["value"]
            text = "" if given is None else as_text(given)
            work.spend(len(text) // CHARACTERS_A_STEP)
            holds = given is not None and part in text
            what = f"a text that holds {part!r}"
        case "integer":
            holds, what = type(given) is int, "an integer"
        case "decimal":
            holds, what = type(given) is float, "a number with decimals"
        case "number":
            holds, what = type(given) in (int, float), "a number"
        case "boolean":
            holds, what = type(given) is bool or given in ("true", "false"), "true or false"
        case "null":
            holds, what = given is None, "null"
        case "notEmpty":
            holds, what = given is not None and given not in ("", [], {}), "a value that is not empty"
        case _:
            holds, what = same_exactly(wanted, given, work.spend), f"equal to {show(wanted)}"
    return None if holds else f"{show(given)} is not {what}"


def _pattern_fault(pattern: str, given: Json, patterns: Patterns) -> str | None:
    try:
        holds = given is not None and patterns.fits(pattern, as_text(given))
    except PatternTimeoutError:
        return f"the pattern {pattern} cannot be held against {show(given)} within {SECONDS:g} s"
    return None if holds else f"{show(given)} is not of the form {pattern}"


def _mismatch(path: ValuePath, what: str, expected: Json, actual: Json) -> Mismatch:
    return Mismatch(spell_value_path(path), what, expected, actual)
