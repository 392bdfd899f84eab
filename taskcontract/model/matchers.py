"""Which of Pact's matchers contracts may use, and with which parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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


def find_rule_fault(rule: MatchRule) -> str | None:
    """What keeps `rule` from being checked, or None."""
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
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r} is not a regular expression: {error}"
    return None
