"""Every rule there is: those of a comparison, and those of `taskcontract lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule_index import check_rule_ids, describe_rule, list_rule_ids
from taskcontract.lint.rule_index import describe_lint_rule, list_lint_rule_ids

if TYPE_CHECKING:
    from taskcontract.reporting.rules import RuleText

__all__ = ["describe_any_rule", "list_all_rules"]


def describe_any_rule(rule: str) -> RuleText:
    """Return the rule with the id `rule` as data; a ConfigError for an unknown id names the nearest one."""
    lint_rules = list_lint_rule_ids()
    check_rule_ids([rule], others=lint_rules)
    return describe_lint_rule(rule) if rule in lint_rules else describe_rule(rule)


def list_all_rules() -> list[RuleText]:
    """Return all rules as data, sorted by id."""
    return [describe_any_rule(rule) for rule in sorted((*list_rule_ids(), *list_lint_rule_ids()))]
