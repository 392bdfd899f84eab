"""`taskcontract explain`: what a rule means."""

from __future__ import annotations

import sys

from taskcontract.cli.command import argument, command

__all__ = ["run"]

EPILOG = """\
example:
  taskcontract explain param-reordered

`taskcontract rules` lists all of them.
"""


@command("explain", "What a rule finds, why it breaks callers, and an example.", epilog=EPILOG)
@argument("rules", metavar="RULE", nargs=-1, required=True, help="a rule's id, as findings show it")
def run(rules: tuple[str, ...]) -> int:
    """Print the text of `rules`; 0."""
    from taskcontract.diff.rule_index import describe_rule

    texts = []
    for rule in rules:
        info = describe_rule(rule)
        reaches = ", ".join(info.directions)
        texts.append(f"{info.id}: {info.severity}, {info.bump} bump, {reaches}\n\n{info.text}\n")
    sys.stdout.write("\n".join(texts))
    return 0
