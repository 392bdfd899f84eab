"""Matchers of single values, and the rules that they are in a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError
from taskcontract.model.contract import MatchRule
from taskcontract.model.generators import GENERATED
from taskcontract.model.matchers import DECLARED, NULLABLE, OPTIONAL, find_rule_fault
from taskcontract.verification.match import Matcher
from taskcontract.verification.recording.dialects import write_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from taskcontract.model.canonical import Json

__all__ = ["add_rule", "inner_json", "is_simple", "rule_of"]


def is_simple(matcher: Any) -> bool:
    """Return whether this is a matcher of a single value, whose rule says all of it."""
    return (
        isinstance(matcher, Matcher)
        and matcher.name
        not in (
            *("AND", "OR", OPTIONAL, NULLABLE, GENERATED, DECLARED, "arrayContains", "eachKey", "eachValue"),
        )
        and not matcher.each
        and not isinstance(matcher.example, dict | list | tuple | Matcher)
    )


def rule_of(matcher: Matcher, path: str, combine: Literal["AND", "OR"]) -> MatchRule:
    """Return the rule that a matcher of single values says, for the place at `path`."""
    if matcher.name == "regex" and isinstance(matcher.parameters["regex"], str):
        return MatchRule(path, "regex", write_pattern(matcher.parameters["regex"]), combine)
    return MatchRule(path, matcher.name, matcher.parameters, combine)


def add_rule(rules: list[MatchRule], rule: MatchRule) -> None:
    """Add a rule; a ContractError for one that no file can have."""
    fault = find_rule_fault(rule)
    if fault is not None:
        raise ContractError(fault, do="Correct the matcher in the test.")
    rules.append(rule)


def inner_json(matchers: Iterable[Any]) -> Iterator[Json]:
    """Yield matchers of single values as they stand within a rule of all keys or values."""
    for matcher in matchers:
        several = matcher.example if isinstance(matcher, Matcher) and matcher.name == "AND" else (matcher,)
        for each in several:
            if not is_simple(each):
                raise ContractError(
                    "the matcher of all keys or values is one of single values",
                    do="Give one such as match.regex(pattern, example), or match.all_of(...) of such.",
                )
            rule = rule_of(each, "$", "AND")
            yield {**rule.parameters, "match": rule.match}
