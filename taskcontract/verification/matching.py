"""Comparing what a task returned with the example and the rules of an interaction, as Pact V4 does.

A rule holds for what is at its path and everything below, until a more specific rule takes over.
What no rule speaks of must be equal. An object may have more members than the example; an array must
be as long, unless a rule holds for it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.model.contract import ANYTHING, MatchRule
from taskcontract.model.rule_path import ANY_INDEX, ANY_KEY, Step, parse_rule_path, spell_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["Mismatch", "find_mismatches"]

EQUALITY = MatchRule("$", "equality")
LONGEST = 80
"""Characters of a value that a mismatch shows."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference: at `path` (`$.items[0].id`) stands `actual`, and `what` says why that is none of it.

    Its text is `$.size: "12" is not an integer, as in the example 12`.
    """

    path: str
    what: str
    expected: Json
    actual: Json

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def find_mismatches(expected: Json, rules: Sequence[MatchRule], actual: Json) -> list[Mismatch]:
    """Where the result `actual` is not what the example `expected` with its `rules` asks for.

    Any two JSON values can be compared. A ContractError stands for a rule with an unreadable path.
    """
    if tuple(rules) == (ANYTHING,):
        return []
    book = _RuleBook(rules)
    found: list[Mismatch] = []
    # A list of what is left to compare, not recursion: results may be nested as deep as they like.
    waiting: list[tuple[Path, Json, Json]] = [((), expected, actual)]
    while waiting:
        path, wanted, given = waiting.pop()
        chosen, inherited = book.choose(path)
        if isinstance(wanted, dict) and isinstance(given, dict):
            found += _compare_containers(path, chosen, wanted, given, inherited=inherited)
            missing = [name for name in wanted if name not in given]
            found += [_mismatch(path, f"the member {name!r} is missing", wanted, given) for name in missing]
            shared = [name for name in wanted if name in given]
            waiting += [((*path, name), wanted[name], given[name]) for name in reversed(shared)]
        elif isinstance(wanted, list) and isinstance(given, list):
            found += _compare_containers(path, chosen, wanted, given, inherited=inherited)
            waiting += reversed(list(_pair_items(path, wanted, given, ruled=bool(chosen))))
        elif isinstance(wanted, dict | list):
            found.append(_mismatch(path, f"{_show(given)} is not {_kind(wanted)}", wanted, given))
        else:
            faults = _apply(chosen or [EQUALITY], wanted, given)
            found += [_mismatch(path, fault, wanted, given) for fault in faults]
    return found


class _RuleBook:
    """Finds the rules for a place: those whose path fits it best."""

    def __init__(self, rules: Sequence[MatchRule]) -> None:
        self._rules: dict[tuple[Step, ...], list[MatchRule]] = {}
        for rule in rules:
            self._rules.setdefault(parse_rule_path(rule.path), []).append(rule)

    def choose(self, path: Path) -> tuple[list[MatchRule], bool]:
        """The rules that hold at `path`, and whether they were given for something above it."""
        best: tuple[Step, ...] | None = None
        most = 0
        for steps in self._rules:
            weight = _weigh(steps, path)
            if weight and weight >= most:  # of equally close ones the last: Pact takes any
                best, most = steps, weight
        return ([], False) if best is None else (self._rules[best], len(best) < len(path))


def _weigh(steps: tuple[Step, ...], path: Path) -> int:
    """Pact's weight of a rule's path for a place: 0 where it does not hold there, more for a closer fit."""
    if len(steps) > len(path):
        return 0
    weight = 2
    for step, part in zip(steps, path, strict=False):
        if step is ANY_KEY or (step is ANY_INDEX and isinstance(part, int)):
            continue
        if type(step) is not type(part) or step != part:
            return 0
        weight *= 2
    return weight * (len(steps) + 1)


def _pair_items(
    path: Path, wanted: list[Json], given: list[Json], *, ruled: bool
) -> Iterator[tuple[Path, Json, Json]]:
    """Each item with its example; where a rule holds for the array, the first one stands for all further."""
    for index, item in enumerate(given):
        if index < len(wanted):
            yield (*path, index), wanted[index], item
        elif ruled and wanted:
            yield (*path, index), wanted[0], item


def _compare_containers(
    path: Path, rules: list[MatchRule], wanted: Json, given: Json, *, inherited: bool
) -> Iterator[Mismatch]:
    if not rules and isinstance(wanted, list) and len(wanted) != len(given):
        what = f"{_count(given)} instead of {_count(wanted)}"
        yield _mismatch(path, what, wanted, given)
    faults = [
        fault for rule in rules if (fault := _container_fault(rule, wanted, given, inherited=inherited))
    ]
    if faults and (rules[0].combine == "AND" or len(faults) == len(rules)):
        for fault in faults:
            yield _mismatch(path, fault, wanted, given)


def _container_fault(rule: MatchRule, wanted: Json, given: Json, *, inherited: bool) -> str | None:
    """What `rule` says against the object or array as such; its members are compared one by one."""
    parameters = rule.parameters
    match rule.match:
        case "type" if not inherited and len(given) < parameters.get("min", 0):
            return f"{_count(given)}, and there must be at least {parameters['min']}"
        case "type" if not inherited and len(given) > parameters.get("max", len(given)):
            return f"{_count(given)}, and there may be at most {parameters['max']}"
        case "equality" if not _same(wanted, given):
            return f"{_show(given)} is not equal to {_show(wanted)}"
        case "notEmpty" if not given:
            return f"{_show(given)} is empty"
        case "type" | "equality" | "notEmpty" | "regex":
            return None
        case "include" if isinstance(given, dict):  # Pact reads text there, which an object is not
            return f"{_show(given)} is not a text that holds {parameters['value']!r}"
        case _ if isinstance(given, list) and rule.match != "null":
            return None
    return _scalar_fault(rule, wanted, given)


def _apply(rules: list[MatchRule], wanted: Json, given: Json) -> list[str]:
    faults = [fault for rule in rules if (fault := _scalar_fault(rule, wanted, given))]
    return [] if rules[0].combine == "OR" and len(faults) < len(rules) else faults


def _scalar_fault(rule: MatchRule, wanted: Json, given: Json) -> str | None:
    """What `rule` says against `given`, or None."""
    holds: bool
    match rule.match:
        case "type":
            holds, what = _kind(wanted) == _kind(given), _kind(wanted)
        case "regex":
            pattern = rule.parameters["regex"]
            holds = given is not None and re.fullmatch(pattern, _as_text(given)) is not None
            what = f"of the form {pattern}"
        case "include":
            part = rule.parameters["value"]
            holds = given is not None and part in _as_text(given)
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
            holds, what = _same(wanted, given), f"equal to {_show(wanted)}"
    return None if holds else f"{_show(given)} is not {what}"


def _same(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON: 1, 1.0 and true are three values."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if type(left) is not type(right):
            return False
        if isinstance(left, dict):
            if left.keys() != right.keys():
                return False
            waiting += [(left[name], right[name]) for name in left]
        elif isinstance(left, list):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif left != right:
            return False
    return True


def _as_text(value: Json) -> str:
    """What a pattern is held against: a string itself, the JSON of anything else."""
    return value if isinstance(value, str) else _to_json(value)


def _to_json(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return "a deeply nested value"


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    names: dict[type, str] = {str: "a string", list: "an array", dict: "an object", type(None): "null"}
    return names.get(type(value), "a JSON value")


def _count(value: Json) -> str:
    noun = "item" if isinstance(value, list) else "member"
    return f"{len(value)} {noun}{'' if len(value) == 1 else 's'}"


def _show(value: Json) -> str:
    text = _to_json(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _mismatch(path: Path, what: str, expected: Json, actual: Json) -> Mismatch:
    spelled = "".join(
        f"['{part}']" if isinstance(part, str) and "'" in part else spell_step(part) for part in path
    )
    return Mismatch(f"${spelled}", what, expected, actual)
