"""`taskcontract explain`: what a rule means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
example:
  taskcontract explain param-reordered

`taskcontract rules` lists all of them.
"""


def run(argv: Sequence[str]) -> int:
    """Print the text of the rules that the arguments name; 0."""
    parser = Parser("explain", "What a rule finds, why it breaks callers, and an example.", epilog=EPILOG)
    parser.add_argument("rules", metavar="RULE", nargs="+", help="a rule's id, as findings show it")
    arguments = parser.parse_args(argv)
    from taskcontract.diff.rules import describe_rule

    texts = []
    for rule in arguments.rules:
        info = describe_rule(rule)
        reaches = ", ".join(info.directions)
        texts.append(f"{info.id}: {info.severity}, {info.bump} bump, {reaches}\n\n{info.text}\n")
    sys.stdout.write("\n".join(texts))
    return 0
