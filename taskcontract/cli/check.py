"""`taskcontract check`: whether the declared versions say enough, against the last published API."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.command import command, option
from taskcontract.cli.options import app_option, read_project_config
from taskcontract.cli.reports import report_options, write_reports
from taskcontract.cli.services import modules_argument, name_bindings, select_services, service_option
from taskcontract.reporting.escape import tame_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

    from taskcontract.model.config import Config
    from taskcontract.model.service import ServiceSpec

__all__ = ["run"]

EPILOG = """\
A breaking change is fine in a new major version; it is not in a minor one. Each declared version is held
against what changed since the last published spec.

examples:
  taskcontract check bindings.pusher
  taskcontract check --format github       in CI; the modules are those of [tool.taskcontract] bindings
  taskcontract check billing               one of several services: [tool.taskcontract.services.billing]
  taskcontract check --against 1.4.0       against another published version

A version whose sunset comes within 30 days is warned of on stderr. So is each entry of the beat schedule of
the app ([tool.taskcontract] app, or --app) that calls a declared task and would be refused.

exit codes: 0 the versions say enough, 1 one is too low, or an entry of beat's is wrong, 2 nothing could be
compared.
"""


@command("check", "Is the declared version bump enough for what changed?", epilog=EPILOG)
@modules_argument()
@service_option()
@option("--against", metavar="VERSION", help="a published version (default: the newest)")
@app_option("the Celery app whose beat schedule to check too")
@report_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    against: str | None,
    app: str | Celery | None,
    form: str,
    output: str | None,
    call_style: str | None,
    budget: int | None,
) -> int:
    """Check the declared versions of the modules; 1 where one is too low or an entry of beat's is wrong."""
    parts = select_services(read_project_config(), modules, services)

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.operands import find_published
    from taskcontract.cli.sides import read_bindings
    from taskcontract.diff.budget import ProofBudget
    from taskcontract.reporting.progress import show_progress

    declared = [
        (part, new) for part in parts for module in name_bindings(part) for new in read_bindings(module)
    ]
    for _, new in declared:
        _warn_of_sunsets(new.spec, form)
    shared = ProofBudget(budget)
    with show_progress("checking", len(declared)) as work:
        reports = []
        for part, new in declared:
            work.what = f"checking {new.spec.name}"
            old = find_published(new.spec.name, against or ">=0", part)
            reports.append(compare(old, new, part, shared, call_style=call_style, is_check=True))
            work.done += 1
    with show_progress("reading the schedule of beat"):
        wrong = _find_wrong_entries([part for part in parts if app or part.app], app)
    mark = "::error title=beat::" if form == "github" else "taskcontract: "
    for each in wrong:
        sys.stderr.write(f"{mark}beat: {tame_line(each)}\n")
    return write_reports(reports, form, output) or int(bool(wrong))


def _find_wrong_entries(parts: Sequence[Config], app: str | Celery | None) -> list[str]:
    """Return what beat would call wrongly, a sentence each."""
    if not parts:
        return []
    from taskcontract.cli.cluster import find_scheduled, find_systems
    from taskcontract.declare.beat.judging import find_wrong_entries

    return [
        str(each)
        for system in find_systems(parts, app, with_services=True)
        for each in find_wrong_entries(system.app, system.services, find_scheduled(system.app))
    ]


def _warn_of_sunsets(spec: ServiceSpec, form: str) -> None:
    from datetime import datetime

    from taskcontract.diff.sunsets import find_near_sunsets

    # GitHub reads its annotations from either stream; a report on stdout stays whole.
    mark = "::warning title=sunset::" if form == "github" else "taskcontract: warning: "
    for sentence in find_near_sunsets(spec, datetime.now().astimezone().date()):
        sys.stderr.write(f"{mark}{tame_line(sentence)}\n")
