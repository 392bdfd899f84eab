"""`taskcontract rules`: every rule, as a table or as data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.command import command
from taskcontract.cli.options import format_option

if TYPE_CHECKING:
    from taskcontract.diff.rule_index import RuleInfo

__all__ = ["run"]


@command("rules", "Every rule that a comparison knows.", epilog="More: `taskcontract explain RULE`.")
@format_option("text", "json")
def run(form: str) -> int:
    """Print the catalogue of rules in the format `form`; 0."""
    from taskcontract.diff.rule_index import describe_rule, list_rule_ids
    from taskcontract.reporting.rules import render_rules_json

    rules = [describe_rule(rule) for rule in list_rule_ids()]
    sys.stdout.write(render_rules_json("rules", rules) if form == "json" else _write_table(rules))
    return 0


def _write_table(rules: list[RuleInfo]) -> str:
    width = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:<{width}}  {rule.severity:<9}  {rule.bump:<5}  {rule.summary}" for rule in rules]
    return "\n".join(lines) + "\n"
