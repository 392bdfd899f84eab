"""`taskcontract diff`: what changed between two APIs, and whom it breaks."""

from __future__ import annotations

from taskcontract.cli.baseline import baseline_option, read_baseline
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.operands import FORMS
from taskcontract.cli.options import days_option, read_project_config, timeout_option
from taskcontract.cli.project_sides import LIVE_WORKER, PATIENCE
from taskcontract.cli.reports import fail_on_option, report_options, write_reports
from taskcontract.cli.source_kinds import WORKING_TREE
from taskcontract.errors import ConfigError

__all__ = ["run"]

EPILOG = f"""\
{FORMS}
Without OLD and NEW, the working tree is compared with the commit where it left the default branch.
A word is the first of these that is there: a service, a ref, a folder, a module. So `./main` is the folder,
`git:main` the branch, `main.py` the module.

examples:
  taskcontract diff
  taskcontract diff main HEAD
  taskcontract diff v1 bindings.pusher
  taskcontract diff send_to_s3@1 send_to_s3@2 --call-style positional
  taskcontract diff main HEAD --traffic redis://127.0.0.1/0 --days 90
  taskcontract diff pusher@1.0.0 pusher@2.0.0 --format markdown -o comment.md

exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the two could not be compared.
`taskcontract explain RULE` tells more of a finding.
"""


@command("diff", "Compare two task APIs: what changed, whom it breaks, and the proof.", epilog=EPILOG)
@argument("old", metavar="OLD", required=False, help="what callers rely on today")
@argument("new", metavar="NEW", required=False, help="what is to take its place")
@report_options
@fail_on_option()
@baseline_option()
@timeout_option(PATIENCE, LIVE_WORKER)
@option("--traffic", metavar="STORE", help="say whom of the observed callers each finding hits")
@days_option()
def run(
    old: str | None,
    new: str | None,
    form: str,
    output: str | None,
    call_style: str | None,
    budget: int | None,
    fail_on: str | None,
    baseline: str | None,
    timeout: float,
    traffic: str | None,
    days: float,
) -> int:
    """Compare two sides and write the report; 1 where a finding is as grave as --fail-on, else 0."""
    config = read_project_config()

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.observed_traffic import read_traffic
    from taskcontract.cli.operands import find_policies, find_sides, find_work
    from taskcontract.diff.budget import ProofBudget
    from taskcontract.reporting.progress import show_progress

    known = read_baseline(baseline)
    if old is not None and new is None:
        raise ConfigError(
            "NEW is missing",
            where="diff",
            do=f"Name both sides: taskcontract diff {old} {WORKING_TREE} compares with the working tree.",
        )
    told = f"comparing {old} with {new}" if new is not None else "comparing the working tree with its base"
    with show_progress(told):
        sides = find_work(config) if old is None or new is None else find_sides(old, new, config, timeout)
        left, right = sides
        policies = find_policies(config, left, right)
        report = compare(
            left,
            right,
            policies,
            ProofBudget(budget),
            call_style=call_style,
            fail_on=fail_on,
            baseline=known,
            traffic=None if traffic is None else read_traffic(traffic, days, left),
        )
    return write_reports([report], form, output)
