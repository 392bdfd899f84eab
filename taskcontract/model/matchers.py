"""Which of Pact's matchers contracts may use, under which names, and with which parameters."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Final

from taskcontract.errors import ContractError
from taskcontract.model.contract import MatchRule
from taskcontract.model.datetime_form import DEFAULT_FORMS, TimeFormError, read_time_form
from taskcontract.model.pact_regex import find_pact_fault
from taskcontract.model.pattern_form import is_slow_to_compile
from taskcontract.model.rule_path import parse_rule_path

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = [
    "DECLARED",
    "MATCHERS",
    "NULLABLE",
    "OPTIONAL",
    "OURS",
    "PYTHON",
    "SCHEMA",
    "find_rule_fault",
    "name_matcher",
    "time_form",
]

MATCHERS = frozenset(
    {
        "arrayContains", "boolean", "date", "datetime", "decimal", "eachKey", "eachValue", "equality",
        "include", "integer", "notEmpty", "null", "number", "regex", "semver", "time", "type", "values",
    }
)  # fmt: skip
OPTIONAL, NULLABLE = "taskcontract:optional", "taskcontract:nullable"
DECLARED, SCHEMA = "taskcontract:from_spec", "taskcontract:schema"
"""At a place where the declared type alone says what may stand; at the whole result, that type's schema."""
OURS = frozenset({OPTIONAL, NULLABLE, DECLARED, SCHEMA})
"""What Pact has no matcher for; in a file these stand in the interaction's comments."""

OTHER_NAMES: Final = {
    "array-contains": "arrayContains", "each-key": "eachKey", "each-value": "eachValue",
    "not-empty": "notEmpty", "real": "decimal", "timestamp": "datetime", "min": "type", "max": "type",
    "min-type": "type", "max-type": "type",
}  # fmt: skip
"""Names that Pact's core reads as well."""

PYTHON = "python"
"""What `dialect` says of a pattern that is one of Python's `re`; others are Pact's."""

LONGEST_PATTERN = 2_000
"""Characters of a pattern: compiling sets without regard to case takes a millisecond for each, or worse."""
DEEPEST = 20
"""How deep rules may stand in rules."""


def name_matcher(entry: dict[str, Json]) -> str | None:
    """Return the matcher that the JSON of one names, or whose parameters it has, as Pact's core guesses."""
    said = entry.get("match")
    if isinstance(said, str):
        return OTHER_NAMES.get(said, said)
    if said is None:
        for key, name in (
            ("regex", "regex"), ("min", "type"), ("max", "type"), ("timestamp", "datetime"), ("time", "time"),
            ("date", "date"),
        ):  # fmt: skip
            if key in entry:
                return name
    return None


def find_rule_fault(rule: MatchRule, depth: int = 0) -> str | None:
    """Return what keeps `rule` from being checked, or None."""
    parameters = rule.parameters
    if rule.match not in MATCHERS and rule.match not in OURS:
        return f"the matcher {rule.match!r} is not known; known are {', '.join(sorted(MATCHERS))}"
    match rule.match:
        case "regex":
            return _find_pattern_fault(parameters.get("regex"), parameters.get("dialect"))
        case "include" if not isinstance(parameters.get("value"), str):
            return "the matcher 'include' needs a string as its 'value'"
        case "type":
            return _find_size_fault(parameters)
        case "date" | "time" | "datetime":
            return _find_form_fault(rule.match, time_form(rule))
        case "eachKey" | "eachValue":
            return _find_inner_fault(rule.match, parameters.get("rules", []), depth)
        case "arrayContains":
            return _find_variants_fault(parameters.get("variants"), depth)
    return None


def time_form(rule: MatchRule) -> Any:
    """Return the form that a date, time or datetime has."""
    given = rule.parameters.get("format")
    if given is None:
        given = next(
            (rule.parameters[name] for name in (rule.match, "timestamp") if name in rule.parameters), None
        )
    return given or DEFAULT_FORMS[rule.match]


def _find_size_fault(parameters: dict[str, Json]) -> str | None:
    for name in ("min", "max"):
        size = parameters.get(name, 0)
        if type(size) is not int or size < 0:
            return f"{name!r} of the matcher 'type' must be a whole number from 0, not {size!r}"
    return None


def _find_form_fault(name: str, form: object) -> str | None:
    if not isinstance(form, str):
        return f"'format' of the matcher {name!r} must be a string, not {form!r}"
    try:
        read_time_form(form)
    except TimeFormError as error:
        return str(error)
    return None


def _find_inner_fault(name: str, rules: Json, depth: int) -> str | None:
    if not isinstance(rules, list):
        return f"the matcher {name!r} needs an array of 'rules'"
    if not rules and name == "eachValue":
        return "the matcher 'eachValue' needs at least one rule"
    for entry in rules:
        fault = _find_entry_fault(entry, depth)
        if fault is not None:
            return f"in the rules of {name!r}: {fault}"
    return None


def _find_variants_fault(variants: Json, depth: int) -> str | None:
    if not isinstance(variants, list):
        return "the matcher 'arrayContains' needs an array of 'variants'"
    for variant in variants:
        index = variant.get("index", 0) if isinstance(variant, dict) else None
        if type(index) is not int or index < 0:
            return "each variant of 'arrayContains' needs the 'index' of its example"
        rules = variant.get("rules", {})
        if not isinstance(rules, dict):
            return "the 'rules' of a variant of 'arrayContains' must be an object"
        for path, entry in rules.items():
            matchers = entry.get("matchers") if isinstance(entry, dict) else None
            if not isinstance(matchers, list):
                return f"the rules of a variant of 'arrayContains' lack an array of 'matchers' at {path!r}"
            try:
                parse_rule_path(path)
            except ContractError as error:
                return error.what
            for each in matchers:
                fault = _find_entry_fault(each, depth)
                if fault is not None:
                    return f"in a variant of 'arrayContains': {fault}"
    return None


def _find_entry_fault(entry: Json, depth: int) -> str | None:
    if depth >= DEEPEST:
        return f"rules stand in each other more than {DEEPEST} deep"
    if not isinstance(entry, dict):
        return f"a matcher is an object, not {entry!r}"
    name = name_matcher(entry)
    if name is None or name in OURS:
        return f"no matcher is named in {entry!r}"
    return find_rule_fault(MatchRule("$", name, entry), depth + 1)


def _find_pattern_fault(pattern: object, dialect: object) -> str | None:
    if not isinstance(pattern, str):
        return "the matcher 'regex' needs a string as its 'regex'"
    if dialect not in (None, PYTHON):
        return f"the matcher 'regex' says that its dialect is {dialect!r}, and only {PYTHON!r} is known"
    if len(pattern) > LONGEST_PATTERN:
        return f"its regular expression has {len(pattern)} characters, more than {LONGEST_PATTERN}"
    if is_slow_to_compile(pattern):
        return "its regular expression has sets of too many characters for one that ignores case"
    if dialect is None:
        fault = find_pact_fault(pattern)
        return f"the regular expression {pattern!r}: {fault}" if fault is not None else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of sets that later versions may read otherwise
            re.compile(pattern)
    except (ValueError, re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r} is not a regular expression: {error}"
    return None
