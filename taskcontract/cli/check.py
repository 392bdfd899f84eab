"""`taskcontract check`: do the declared versions say enough, against the last published API?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.command import command, option
from taskcontract.cli.options import app_option, modules_argument, read_project_config
from taskcontract.cli.reports import report_options, write_reports
from taskcontract.errors import ConfigError
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
  taskcontract check --against 1.4.0       against another published version

A version whose sunset comes within 30 days is warned of on stderr. So is each entry of the beat schedule of
the app ([tool.taskcontract] app, or --app) that calls a declared task and would be refused.

exit codes: 0 the versions say enough, 1 one is too low, or an entry of beat's is wrong, 2 nothing could be
compared.
"""


@command("check", "Is the declared version bump enough for what changed?", epilog=EPILOG)
@modules_argument()
@option("--against", metavar="VERSION", help="a published version (default: the newest)")
@app_option("the Celery app whose beat schedule to check too")
@report_options
def run(
    modules: tuple[str, ...],
    against: str | None,
    app: str | Celery | None,
    form: str,
    output: str | None,
    call_style: str | None,
    budget: int | None,
) -> int:
    """Check the declared versions of the modules; 1 where one is too low or an entry of beat's is wrong."""
    config = read_project_config()

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.operands import find_published, read_bindings
    from taskcontract.diff.budget import ProofBudget

    named = modules or config.bindings
    if not named:
        raise ConfigError(
            "no bindings to check",
            where=str(config.file or config.root),
            do='Name a module, or set bindings = ["bindings.pusher"] in [tool.taskcontract].',
        )
    declared = [new for module in named for new in read_bindings(module)]
    for new in declared:
        _warn_of_sunsets(new.spec, form)
    shared = ProofBudget(budget)
    reports = [
        compare(
            find_published(new.spec.name, against or ">=0", config),
            new,
            config,
            shared,
            call_style=call_style,
            is_check=True,
        )
        for new in declared
    ]
    wrong = bool(app or config.app) and _complain_of_schedule(config, app, modules, form)
    return write_reports(reports, form, output) or int(wrong)


def _complain_of_schedule(
    config: Config, app: str | Celery | None, modules: Sequence[str], form: str
) -> bool:
    """Say on stderr what beat would call wrongly; True if there was such."""
    from taskcontract.cli.cluster import find_app, find_declared_services, find_scheduled
    from taskcontract.declare.beat.judging import find_wrong_entries

    found = find_app(config, app)
    services = find_declared_services(modules, config)
    wrong = list(find_wrong_entries(found, services, find_scheduled(found)))
    mark = "::error title=beat::" if form == "github" else "taskcontract: "
    for each in wrong:
        sys.stderr.write(f"{mark}beat: {tame_line(str(each))}\n")
    return bool(wrong)


def _warn_of_sunsets(spec: ServiceSpec, form: str) -> None:
    from datetime import datetime

    from taskcontract.diff.sunsets import find_near_sunsets

    # GitHub reads its annotations from either stream; a report on stdout stays whole.
    mark = "::warning title=sunset::" if form == "github" else "taskcontract: warning: "
    for sentence in find_near_sunsets(spec, datetime.now().astimezone().date()):
        sys.stderr.write(f"{mark}{tame_line(sentence)}\n")
