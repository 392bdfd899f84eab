"""`taskcontract rules`: every rule, as a table or as data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.rules import RuleInfo

__all__ = ["run"]


def run(argv: Sequence[str]) -> int:
    """Print the catalogue of rules in the form that the arguments ask for; 0."""
    parser = Parser(
        "rules", "Every rule that a comparison knows.", epilog="More: `taskcontract explain RULE`."
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    arguments = parser.parse_args(argv)
    from taskcontract.diff.rules import describe_rule, list_rule_ids

    rules = [describe_rule(rule) for rule in list_rule_ids()]
    sys.stdout.write(_write_json(rules) if arguments.format == "json" else _write_table(rules))
    return 0


def _write_table(rules: list[RuleInfo]) -> str:
    width = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:<{width}}  {rule.severity:<9}  {rule.bump:<5}  {rule.summary}" for rule in rules]
    return "\n".join(lines) + "\n"


def _write_json(rules: list[RuleInfo]) -> str:
    from taskcontract.model.canonical import dump_canonical

    fields = ("id", "severity", "directions", "bump", "summary", "text")
    return dump_canonical([{name: getattr(rule, name) for name in fields} for rule in rules])
