"""`taskcontract explain`: what a rule means."""

from __future__ import annotations

import sys

from taskcontract.cli.command import argument, command
from taskcontract.cli.options import format_option

__all__ = ["run"]

EPILOG = """\
example:
  taskcontract explain param-reordered

`taskcontract rules` lists all of them.
"""


@command("explain", "What a rule finds, why it breaks callers, and an example.", epilog=EPILOG)
@argument("rules", metavar="RULE", nargs=-1, required=True, help="a rule's id, as findings show it")
@format_option("text", "json")
def run(rules: tuple[str, ...], form: str) -> int:
    """Print the text of `rules`; 0."""
    from taskcontract.diff.rule_index import describe_rule

    described = [describe_rule(rule) for rule in rules]
    if form == "json":
        from taskcontract.reporting.rules import render_rules_json

        sys.stdout.write(render_rules_json("explain", described))
        return 0
    texts = []
    for info in described:
        reaches = ", ".join(info.directions)
        texts.append(f"{info.id}: {info.severity}, {info.bump} bump, {reaches}\n\n{info.text}\n")
    sys.stdout.write("\n".join(texts))
    return 0
