"""What one rule says of one value, or of the key of an object, as Pact's core does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from taskcontract.model.datetime_form import find_time_fault
from taskcontract.model.equality import same_exactly
from taskcontract.model.matchers import time_form
from taskcontract.verification.comparison.pact_patterns import UnknownMatchError
from taskcontract.verification.comparison.patterns import PatternTimeoutError
from taskcontract.verification.comparison.wording import as_text, kind, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import MatchRule
    from taskcontract.verification.comparison.patterns import Patterns

__all__ = ["find_key_fault", "find_value_fault"]

CHARACTERS_A_STEP = 200
"""Of a text in which another one is sought."""

_PART = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"
    rf"(?:-{_PART}(?:\.{_PART})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_FLOAT = re.compile(r"[+-]?(?:inf|infinity|nan|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)", re.IGNORECASE)
_WHOLE = re.compile(r"\+?[0-9]{1,20}")


def find_value_fault(
    rule: MatchRule, wanted: Json, given: Json, patterns: Patterns, spend: Callable[[int], None]
) -> str | None:
    """Return what `rule` says against `given`, where no object or array is expected; None if nothing."""
    spend(1)
    match rule.match:
        case "type":
            return None if kind(wanted) == kind(given) else f"{show(given)} is not {kind(wanted)}"
        case "regex":
            return _pattern_fault(rule, given, patterns)
        case "include":
            part, text = rule.parameters["value"], as_text(given)
            spend(len(text) // CHARACTERS_A_STEP)
            return None if part in text else f"{show(given)} is not a text that holds {part!r}"
        case "date" | "time" | "datetime":
            return _time_fault(rule, as_text(given))
        case "equality" | "values":
            same = same_exactly(wanted, given, spend)
            return None if same else f"{show(given)} is not equal to {show(wanted)}"
    holds, what = _KINDS.get(rule.match, (_always, ""))
    return None if holds(given) else f"{show(given)} is not {what}"


def _always(_given: Json) -> bool:
    """Say yes: a rule for the keys and items of a whole says nothing of a value inside."""
    return True


def _is_semver(given: Json) -> bool:
    # As large as Rust's numbers are.
    return (
        isinstance(given, str)
        and _SEMVER.fullmatch(given) is not None
        and all(int(part) < 1 << 64 for part in re.split(r"[-+]", given, maxsplit=1)[0].split("."))
    )


_KINDS: Final[dict[str, tuple[Callable[[Json], bool], str]]] = {
    "integer": (lambda given: type(given) is int, "an integer"),
    "decimal": (lambda given: type(given) is float, "a number with decimals"),
    "number": (lambda given: type(given) in (int, float), "a number"),
    "boolean": (lambda given: type(given) is bool or given in ("true", "false"), "true or false"),
    "null": (lambda given: given is None, "null"),
    "notEmpty": (lambda given: given is not None and given not in ("", [], {}), "a value that is not empty"),
    "semver": (_is_semver, "a semantic version"),
}


def find_key_fault(rule: MatchRule, key: str, patterns: Patterns) -> str | None:
    """Return what a rule of `eachKey` says against `key`, in which numbers are read from its text."""
    match rule.match:
        case "type":
            return None
        case "regex" | "include" | "boolean" | "semver" | "notEmpty" | "date" | "time" | "datetime":
            return find_value_fault(rule, "", key, patterns, _spend_nothing)
        case "equality" | "values":
            holds, what = key == "", "equal to ''"
        case "number" | "decimal":
            holds, what = _FLOAT.fullmatch(key) is not None, "a number"
        case "integer":
            holds, what = _WHOLE.fullmatch(key) is not None and int(key) < 1 << 64, "a whole number"
        case other:
            return f"the matcher {other!r} says nothing of keys"
    return None if holds else f"the key {show(key)} is not {what}"


def _spend_nothing(_steps: int) -> None:
    """Keys are short."""


def _pattern_fault(rule: MatchRule, given: Json, patterns: Patterns) -> str | None:
    pattern: Any = rule.parameters["regex"]
    dialect: Any = rule.parameters.get("dialect")
    try:
        if patterns.fits(pattern, as_text(given), dialect):
            return None
    except UnknownMatchError as error:
        return str(error)
    except PatternTimeoutError:
        return f"the pattern {pattern} cannot be held against {show(given)} within {patterns.seconds:g} s"
    return f"{show(given)} is not of the form {pattern}"


def _time_fault(rule: MatchRule, text: str) -> str | None:
    form = time_form(rule)
    why = find_time_fault(form, text)
    return None if why is None else f"{show(text)} is not of the form {form}: {why}"
