"""`taskcontract diff`: what changed between two APIs, and whom it breaks."""

from __future__ import annotations

from taskcontract.cli.baseline import baseline_option, read_baseline
from taskcontract.cli.command import argument, command
from taskcontract.cli.operands import FORMS
from taskcontract.cli.options import read_project_config
from taskcontract.cli.reports import fail_on_option, report_options, write_reports

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


@command("diff", "Compare two task APIs: what changed, whom it breaks, and the proof.", epilog=EPILOG)
@argument("old", metavar="OLD", help="what callers rely on today")
@argument("new", metavar="NEW", help="what is to take its place")
@report_options
@fail_on_option()
@baseline_option()
def run(
    old: str,
    new: str,
    form: str,
    output: str | None,
    call_style: str | None,
    budget: int | None,
    fail_on: str | None,
    baseline: str | None,
) -> int:
    """Compare two sides and write the report; 1 where a finding is as grave as --fail-on, else 0."""
    config = read_project_config()

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.operands import find_policies, find_sides
    from taskcontract.diff.budget import ProofBudget
    from taskcontract.reporting.progress import show_progress

    known = read_baseline(baseline)
    with show_progress(f"comparing {old} with {new}"):
        left, right = find_sides(old, new, config)
        policies = find_policies(config, left, right)
        report = compare(
            left,
            right,
            policies,
            ProofBudget(budget),
            call_style=call_style,
            fail_on=fail_on,
            baseline=known,
        )
    return write_reports([report], form, output)
