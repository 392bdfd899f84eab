"""Which of Pact's matchers contracts may use, and with which parameters."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from taskcontract.model.pattern_form import is_slow_to_compile

if TYPE_CHECKING:
    from taskcontract.model.contract import MatchRule

__all__ = ["MATCHERS", "find_rule_fault"]

MATCHERS = frozenset(
    {
        "boolean",
        "decimal",
        "equality",
        "include",
        "integer",
        "notEmpty",
        "null",
        "number",
        "regex",
        "type",
    }
)

LONGEST_PATTERN = 2_000
"""Characters of a pattern: compiling sets without regard to case takes a millisecond for each, or worse."""


def find_rule_fault(rule: MatchRule) -> str | None:
    """Return what keeps `rule` from being checked, or None."""
    parameters = rule.parameters
    if rule.match not in MATCHERS:
        return f"the matcher {rule.match!r} is not known; known are {', '.join(sorted(MATCHERS))}"
    if rule.match == "regex":
        return _find_pattern_fault(parameters.get("regex"))
    if rule.match == "include" and not isinstance(parameters.get("value"), str):
        return "the matcher 'include' needs a string as its 'value'"
    if rule.match == "type":
        for name in ("min", "max"):
            size = parameters.get(name, 0)
            if type(size) is not int or size < 0:
                return f"{name!r} of the matcher 'type' must be a whole number from 0, not {size!r}"
    return None


def _find_pattern_fault(pattern: object) -> str | None:
    if not isinstance(pattern, str):
        return "the matcher 'regex' needs a string as its 'regex'"
    if len(pattern) > LONGEST_PATTERN:
        return f"its regular expression has {len(pattern)} characters, more than {LONGEST_PATTERN}"
    if is_slow_to_compile(pattern):
        return "its regular expression has sets of too many characters for one that ignores case"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of sets that later versions may read otherwise
            re.compile(pattern)
    except (ValueError, re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r} is not a regular expression: {error}"
    return None
