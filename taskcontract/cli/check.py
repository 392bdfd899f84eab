"""`taskcontract check`: do the declared versions say enough, against the last published API?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.parser import Parser, read_project_config
from taskcontract.cli.reports import add_report_options, write_reports
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.service import ServiceSpec

__all__ = ["run"]

EPILOG = """\
A breaking change is fine in a new major version; it is not in a minor one. Each declared version is held
against what changed since the last published spec.

examples:
  taskcontract check bindings.pusher
  taskcontract check --format github       in CI; the modules are those of [tool.taskcontract] bindings
  taskcontract check --against 1.4.0       against another published version

A version whose sunset comes within 30 days is warned of on stderr.

exit codes: 0 the versions say enough, 1 one is too low, 2 nothing could be compared.
"""


def run(argv: Sequence[str]) -> int:
    """Check the declared versions of the modules that the arguments name; 1 where one is too low, else 0."""
    parser = Parser("check", "Is the declared version bump enough for what changed?", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    parser.add_argument("--against", metavar="VERSION", help="a published version (default: the newest)")
    add_report_options(parser, fail_on=False)
    arguments = parser.parse_args(argv)
    config = read_project_config()

    from taskcontract.cli.comparison import compare
    from taskcontract.cli.sides import find_published, read_bindings

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
    reports = [
        compare(find_published(new.spec.name, against, config), new, config, arguments, is_check=True)
        for new in declared
    ]
    return write_reports(reports, arguments)


def _warn_of_sunsets(spec: ServiceSpec, form: str) -> None:
    from datetime import datetime

    from taskcontract.diff.sunsets import find_near_sunsets
    from taskcontract.reporting.escape import flatten

    # GitHub reads its annotations from either stream; a report on stdout stays whole.
    mark = "::warning title=sunset::" if form == "github" else "taskcontract: warning: "
    for sentence in find_near_sunsets(spec, datetime.now().astimezone().date()):
        sys.stderr.write(f"{mark}{flatten(sentence)}\n")
