"""`taskcontract diff`: what changed between two APIs, and whom it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.cli.operands import FORMS
from taskcontract.cli.parser import Parser, read_project_config
from taskcontract.cli.reports import add_report_options, write_reports

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = f"""\
{FORMS}
examples:
  taskcontract diff v1 bindings.pusher
  taskcontract diff send_to_s3@1 send_to_s3@2 --call-style positional
  taskcontract diff pusher@1.0.0 pusher@2.0.0 --format markdown -o comment.md

exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the two could not be compared.
`taskcontract explain RULE` tells more of a finding.
"""


def run(argv: Sequence[str]) -> int:
    """Compare the two sides that the arguments name; 1 where a finding is as grave as --fail-on, else 0."""
    parser = Parser(
        "diff", "Compare two task APIs: what changed, whom it breaks, and the proof.", epilog=EPILOG
    )
    parser.add_argument("old", metavar="OLD", help="what callers rely on today")
    parser.add_argument("new", metavar="NEW", help="what is to take its place")
    add_report_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.operands import find_sides
    from taskcontract.diff.budget import ProofBudget

    old, new = find_sides(arguments.old, arguments.new, config)
    return write_reports([compare(old, new, config, arguments, ProofBudget(arguments.budget))], arguments)
