"""`taskcontract explain`: what a rule means."""

from __future__ import annotations

from taskcontract.cli.command import argument, command
from taskcontract.cli.options import format_option
from taskcontract.cli.output import show_page, write_output

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
    from taskcontract.cli.all_rules import describe_any_rule
    from taskcontract.reporting.rules import render_explanations, render_rules_json

    described = [describe_any_rule(rule) for rule in rules]
    if form == "json":
        write_output(render_rules_json("explain", described), None)
    else:
        show_page(render_explanations(described))
    return 0
