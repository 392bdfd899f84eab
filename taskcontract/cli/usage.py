"""`taskcontract usage`: who still calls which version, and when last."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import (
    add_cluster_options,
    find_app,
    find_declared_services,
    nothing_counted,
)
from taskcontract.cli.parser import Parser, add_days_option, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
The workers count; this reads what they counted: from the app's Redis if it has one, else from the file
that TASKCONTRACT_USAGE names (default: this user's own).

exit codes: 0 the counts were read, 2 they could not be, or there are none.
"""


def run(argv: Sequence[str]) -> int:
    """Print the uses of the services of the modules that the arguments name."""
    parser = Parser("usage", "Who still calls which version of a task.", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    add_days_option(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    services = find_declared_services(arguments.modules, config)
    app = find_app(arguments, config)

    from taskcontract.operations.usage import judge_usage, store_for
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_usage, render_usage_json

    store = store_for(app)
    counted = {service: store.read(service.name) for service in services}
    if all(each.since is None for each in counted.values()):
        names = ", ".join(repr(service.name) for service in services)
        raise nothing_counted(names, store.place, "name its app with --app")
    usages = [judge_usage(service, each, days=arguments.days) for service, each in counted.items()]
    if arguments.format == "json":
        report = {usage.service: render_usage_json(usage) for usage in usages}
        sys.stdout.write(json.dumps({"days": arguments.days, "services": report}, indent=2) + "\n")
        return 0
    for usage in usages:
        sys.stdout.write(tame(render_usage(usage)))
    return 0
