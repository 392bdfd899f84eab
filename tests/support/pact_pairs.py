"""Random examples with rules and values, and random patterns with texts, for Pact's core to judge too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.model.contract import MatchRule
from taskcontract.model.matchers import find_rule_fault, name_matcher
from taskcontract.verification.comparison.matching import find_mismatches
from tests.support.pact_oracle import load_pact_core

if TYPE_CHECKING:
    from random import Random

KEYS = ("a", "b", "c d", "1", "01", "+1", "*", "[*]", "é", "A")
SCALARS: tuple[Any, ...] = (
    None, True, False, 0, 1, -2, 5, 10, 0.5, 1.0, -2.0, 1e20, 1e-7, "", "1", "a", "ab", "true", "null",
    "2020-01-31", "10:00:00", "1.2.3", "1.0", "a1", "é",
)  # fmt: skip
MATCHERS = (
    "type", "type", "type", "equality", "regex", "include", "integer", "decimal", "number", "boolean", "null",
    "notEmpty", "semver", "date", "time", "datetime", "values", "eachKey", "eachValue", "arrayContains",
)  # fmt: skip


class PairMaker:
    """Makes an example, its rules as they stand in a file, and an actual value that is mostly near it."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def make(self) -> tuple[Any, dict[str, Any], Any]:
        expected = self._value(0)
        rules = self._rules(expected, 0, 3)
        return expected, rules, expected if self._rng.random() < 0.1 else self._changed(expected)

    def _value(self, depth: int) -> Any:
        rng = self._rng
        kind = rng.random()
        if depth > 3 or kind < 0.45:
            return rng.choice(SCALARS)
        if kind < 0.7:
            return [self._value(depth + 1) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
        keys = KEYS[:4] if rng.random() < 0.8 else KEYS
        return {rng.choice(keys): self._value(depth + 1) for _ in range(rng.choice([0, 1, 2, 2, 3]))}

    def _path(self, value: Any) -> str:
        rng, path = self._rng, "$"
        while rng.random() >= 0.3:
            if isinstance(value, dict) and value and rng.random() < 0.9:
                key = rng.choice(sorted(value))
                value = value[key]
                plain = f".{key}" if key in ("a", "b", "A", "1", "01", "é") else f"['{key}']"
                path += rng.choice([plain, plain, plain, ".*"])
            elif isinstance(value, list) and value and rng.random() < 0.9:
                index = rng.randrange(len(value))
                value = value[index]
                path += rng.choice(["[*]", "[*]", f"[{index}]", ".*"])
            else:
                path += rng.choice([".a", ".b", ".*", "[*]", "[0]", "[1]", "['c d']", ".1"])
                value = None
        return path

    def _matcher(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {"match": rng.choice(MATCHERS)}
        match made["match"]:
            case "type":
                made |= {key: rng.choice([0, 1, 2, 3]) for key in ("min", "max") if rng.random() < 0.3}
            case "regex":
                made["regex"] = rng.choice(["[a1]*", "a|ab", ".*", "[0-9.]+", "true|false", "null", r"(a)\1"])
            case "include":
                made["value"] = rng.choice(["1", "a", "", "l", "0"])
            case "date" | "time" | "datetime" if rng.random() < 0.7:
                made["format"] = rng.choice(["yyyy-MM-dd", "HH:mm:ss", "yyyy", "H"])
            case "eachKey" | "eachValue":
                deeper = [self._matcher(depth + 1) for _ in range(rng.choice([1, 1, 2]))] if depth < 2 else []
                made["rules"] = deeper or [{"match": "type"}]
            case "arrayContains":
                made["variants"] = [self._variant(depth) for _ in range(rng.choice([0, 1, 1, 2]))]
        return made

    def _variant(self, depth: int) -> dict[str, Any]:
        variant: dict[str, Any] = {"index": self._rng.choice([0, 0, 1, 2])}
        if self._rng.random() < 0.8:
            variant["rules"] = {} if depth >= 2 else self._rules(None, depth + 1, 2)
        return variant

    def _rules(self, value: Any, depth: int, most: int) -> dict[str, Any]:
        """Of paths that are equally close to a place, Pact takes any one: there is one of each here."""
        made: dict[str, Any] = {}
        alike: set[str] = set()
        for _ in range(self._rng.randint(0, most)):
            path = self._path(value)
            spelled = path.replace("[*]", ".*").replace("[0]", ".0").replace("[1]", ".1").replace("[2]", ".2")
            if spelled not in alike:
                alike.add(spelled)
                matchers = [self._matcher(depth) for _ in range(self._rng.choice([1, 1, 1, 2, 3]))]
                made[path] = {"combine": self._rng.choice(["AND", "AND", "OR"]), "matchers": matchers}
        return made

    def _changed(self, value: Any) -> Any:
        rng = self._rng
        if rng.random() < 0.15:
            return self._value(1)
        if isinstance(value, dict):
            changed = {
                key: self._changed(each) if rng.random() < 0.4 else each for key, each in value.items()
            }
            if changed and rng.random() < 0.15:
                del changed[rng.choice(sorted(changed))]
            if rng.random() < 0.2:
                changed[rng.choice(KEYS)] = rng.choice(list(value.values()) or SCALARS)
            return changed
        if isinstance(value, list):
            items = [self._changed(each) if rng.random() < 0.4 else each for each in value]
            if items and rng.random() < 0.2:
                items.pop(rng.randrange(len(items)))
            if rng.random() < 0.3:
                items.append(rng.choice(items or SCALARS))
            return items
        return rng.choice(SCALARS) if rng.random() < 0.3 else value


def ask_pact(expected: Any, rules: dict[str, Any], actual: Any) -> bool:
    """Whether Pact's matcher takes `actual` for `expected` with the `rules` of a file."""
    core = load_pact_core()
    pact = core.new_pact("consumer", "provider")
    core.with_specification(pact, core.PactSpecification.V4)
    interaction = core.new_sync_message_interaction(pact, "a call")
    part = core.InteractionPart.RESPONSE
    core.with_body(interaction, part, "application/json", json.dumps(expected))
    if rules:
        core.with_matching_rules(interaction, part, json.dumps({"body": rules}))
    return not core.sync_message_match_response_contents(
        interaction, 0, "application/json", json.dumps(actual)
    )


def list_rules(rules: dict[str, Any]) -> list[MatchRule]:
    """The rules of a file as ours."""
    found: list[MatchRule] = []
    for path, entry in rules.items():
        combine: Literal["AND", "OR"] = entry["combine"]
        for matcher in entry["matchers"]:
            name = name_matcher(matcher)
            assert name is not None
            found.append(MatchRule(path, name, {k: v for k, v in matcher.items() if k != "match"}, combine))
    return found


def judge_pair(expected: Any, rules: dict[str, Any], actual: Any) -> str | None:
    """What is wrong with our answer, by Pact's; None if nothing is, or if Pact does not know its own."""
    ours = list_rules(rules)
    faults = [fault for rule in ours if (fault := find_rule_fault(rule))]
    if faults:
        return f"a rule is refused: {faults[0]}"
    mismatches = find_mismatches(expected, ours, actual)
    theirs = ask_pact(expected, rules, actual)
    if (not mismatches) == theirs or len({ask_pact(expected, rules, actual) for _ in range(6)}) > 1:
        return None
    said = "; ".join(map(str, mismatches)) or "nothing is wrong"
    return f"{json.dumps(actual)} for {json.dumps(expected)} with {json.dumps(rules)}: {said}"


# Patterns.

LETTERS = ("a", "b", "c", "1", "é", ".", r"\.", "ab", "-", " ", "ß", "k", "_")
ESCAPES = (
    r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\h", r"\H", r"\p{L}", r"\p{Lu}", r"\p{Greek}", r"\R", r"\n",
    r"\x61", r"\u00e9", r"\x{62}",
)  # fmt: skip
PLACES = ("^", "$", r"\b", r"\B", r"\A", r"\z", r"\Z", r"\G")
GROUPS = (
    "(",
    "(",
    "(?:",
    "(?=",
    "(?!",
    "(?<=",
    "(?<!",
    "(?>",
    "(?i:",
    "(?m:",
    "(?x: ",
    "(?mi-x:",
    "(?<n>",
    "(?P<n>",
)
TIMES = (
    "*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,2}", "{,2}", "{1,}", "{2}?", "{1,2}?",
    "{1,2}+", "{2}{2}", "**", "{0}", "{3,1}",
)  # fmt: skip
OTHERS = (r"\1", r"\k<n>", r"\2", "(?m)", "(?i)", r"\Q", "{", "}", "]", "a{", r"\e", "(?#a)")
NAMES = (
    "alpha",
    "digit",
    "space",
    "alnum",
    "upper",
    "lower",
    "punct",
    "word",
    "xdigit",
    "blank",
    "print",
    "graph",
)
TEXT = "aabbc1 -.\néßK²_"


def make_pattern(rng: Random, depth: int = 0) -> str:
    """A pattern, well-formed or not, in the words of Oniguruma."""
    made = ""
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        if kind < 0.35:
            made += rng.choice(LETTERS)
        elif kind < 0.5:
            made += rng.choice(ESCAPES)
        elif kind < 0.65:
            made += _make_set(rng)
        elif kind < 0.75:
            made += rng.choice(PLACES)
        elif kind < 0.95 and depth < 3:
            made += f"{rng.choice(GROUPS)}{make_pattern(rng, depth + 1)})"
        else:
            made += rng.choice(OTHERS)
        if rng.random() < 0.35:
            made += rng.choice(TIMES)
        if rng.random() < 0.12:
            made += "|"
    return made


def _make_set(rng: Random, depth: int = 0) -> str:
    made = "[^" if rng.random() < 0.25 else "["
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        if kind < 0.4:
            made += rng.choice(["a", "b", "c", "1", "é", r"\-", r"\.", "_", r"\]", " "])
        elif kind < 0.6:
            made += rng.choice(["a-c", "0-9", "A-Z", "b-d", r"\x41-\x5a"])
        elif kind < 0.72:
            made += rng.choice([r"\d", r"\w", r"\s", r"\h", r"\p{L}", r"\P{Lu}", r"\p{^Alpha}", r"\n", r"\W"])
        elif kind < 0.84:
            made += f"[:{rng.choice(['', '^'])}{rng.choice(NAMES)}:]"
        elif kind < 0.92 and depth < 2:
            made += _make_set(rng, depth + 1)
        else:
            made += rng.choice(["&&", "&&", "-"])
    return f"{made}]"


def make_text(rng: Random) -> str:
    """A short text of what the patterns are about."""
    return "".join(rng.choice(TEXT) for _ in range(rng.randint(0, 4)))


def pact_takes(pattern: str, text: str) -> bool:
    """Whether Pact's regex matcher takes the text."""
    return ask_pact("?", {"$": {"combine": "AND", "matchers": [{"match": "regex", "regex": pattern}]}}, text)
