"""`taskcontract check`: do the declared versions say enough, against the last published API?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.parser import Parser, read_project_config
from taskcontract.cli.reports import add_report_options, write_reports
from taskcontract.errors import ConfigError
from taskcontract.reporting.escape import tame_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

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


def run(argv: Sequence[str]) -> int:
    """Check the declared versions of the modules that the arguments name; 1 where something is wrong."""
    parser = Parser("check", "Is the declared version bump enough for what changed?", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    parser.add_argument("--against", metavar="VERSION", help="a published version (default: the newest)")
    parser.add_argument("--app", metavar="APP", help="the Celery app whose beat schedule to check too")
    add_report_options(parser, fail_on=False)
    arguments = parser.parse_args(argv)
    config = read_project_config()

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.operands import find_published, read_bindings
    from taskcontract.diff.budget import ProofBudget

    against = arguments.against or ">=0"

    modules = arguments.modules or config.bindings
    if not modules:
        raise ConfigError(
            "no bindings to check",
            where=str(config.file or config.root),
            do='Name a module, or set bindings = ["bindings.pusher"] in [tool.taskcontract].',
        )
    declared = [new for module in modules for new in read_bindings(module)]
    for new in declared:
        _warn_of_sunsets(new.spec, arguments.format)
    budget = ProofBudget(arguments.budget)
    reports = [
        compare(find_published(new.spec.name, against, config), new, config, arguments, budget, is_check=True)
        for new in declared
    ]
    wrong = _complain_of_schedule(arguments, config)
    return write_reports(reports, arguments) or int(wrong)


def _complain_of_schedule(arguments: argparse.Namespace, config: Config) -> bool:
    """Say on stderr what beat would call wrongly, if there is an app to look at; True if there was such."""
    if not (arguments.app or config.app):
        return False
    from taskcontract.cli.cluster import find_app, find_declared_services, find_scheduled
    from taskcontract.declare.beat.judging import find_wrong_entries

    arguments.broker = ""
    app = find_app(arguments, config)
    services = find_declared_services(arguments.modules, config)
    wrong = list(find_wrong_entries(app, services, find_scheduled(app)))
    mark = "::error title=beat::" if arguments.format == "github" else "taskcontract: "
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
