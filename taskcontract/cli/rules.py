"""`taskcontract rules`: every rule, as a table or as data."""

from __future__ import annotations

from taskcontract.cli.command import command
from taskcontract.cli.options import format_option
from taskcontract.cli.output import show_page, write_output

__all__ = ["run"]


@command(
    "rules", "Every rule that a comparison or `lint` knows.", epilog="More: `taskcontract explain RULE`."
)
@format_option("text", "json")
def run(form: str) -> int:
    """Print the catalogue of rules in the format `form`; 0."""
    from taskcontract.cli.all_rules import list_all_rules
    from taskcontract.reporting.rules import render_rules, render_rules_json

    rules = list_all_rules()
    if form == "json":
        write_output(render_rules_json("rules", rules), None)
    else:
        show_page(render_rules(rules))
    return 0
