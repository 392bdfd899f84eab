"""Rules that stand within others: those of `eachKey`, `eachValue` and the variants of `arrayContains`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from taskcontract.model.contract import MatchRule
from taskcontract.model.matchers import name_matcher
from taskcontract.verification.comparison.rule_book import open_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.verification.comparison.rule_book import RulePosition

__all__ = ["read_inner_rules", "read_variants"]


def read_inner_rules(rule: MatchRule) -> list[MatchRule]:
    """Return the rules that `eachKey` or `eachValue` has for every key or value; all of them must hold."""
    return [_read("$", entry, "AND") for entry in rule.parameters.get("rules", [])]


def read_variants(rule: MatchRule, size: int) -> Iterator[tuple[int, RulePosition]]:
    """Yield, for each variant of an `arrayContains`, the index of its example and its rules.

    Without variants each of the `size` examples is one, and must be equal.
    """
    variants: list[Any] = rule.parameters["variants"] or [{"index": index} for index in range(size)]
    for variant in variants:
        yield variant.get("index", 0), open_rules(list(_list_rules(variant)))


def _list_rules(variant: dict[str, Any]) -> Iterator[MatchRule]:
    if "rules" not in variant:
        yield MatchRule("", "equality")
        return
    for path, entry in variant["rules"].items():
        combine: Literal["AND", "OR"] = "OR" if str(entry.get("combine", "AND")).upper() == "OR" else "AND"
        for matcher in entry["matchers"]:
            yield _read(path, matcher, combine)


def _read(path: str, entry: dict[str, Json], combine: Literal["AND", "OR"]) -> MatchRule:
    name = name_matcher(entry)
    assert name is not None  # as the contract's reader has seen
    return MatchRule(path, name, {key: value for key, value in entry.items() if key != "match"}, combine)
