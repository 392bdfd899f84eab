"""`taskcontract inspect`: do the running workers serve what the bindings declare?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import add_cluster_options, find_app, find_declared_services
from taskcontract.cli.parser import Parser, add_timeout_option, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
Asked are the workers that consume a queue of the services.

exit codes: 0 every worker keeps the contract, 1 one does not, or nobody consumes a queue, 2 it could not
be found out.
"""


def run(argv: Sequence[str]) -> int:
    """Print which worker lacks what; 1 where one does, or where a queue has none."""
    parser = Parser("inspect", "Do the running workers keep the contract?", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    add_timeout_option(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    services = find_declared_services(arguments.modules, config)
    app = find_app(arguments, config)

    from taskcontract.provider.drift import ask_workers, find_drift
    from taskcontract.reporting.escape import escape_controls
    from taskcontract.reporting.operations import render_drift

    wire_names = [task.wire_name for service in services for task in service.tasks]
    serving = ask_workers(app, wire_names, arguments.timeout)
    drifts = {
        service.name: find_drift(service.spec(), serving, app.conf.task_default_queue, service.today())
        for service in services
    }
    if arguments.format == "json":
        rows = {name: asdict(drift) for name, drift in drifts.items()}
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        for name, drift in drifts.items():
            sys.stdout.write(escape_controls(render_drift(name, drift)))
    return 0 if all(drift.keeps_the_contract for drift in drifts.values()) else 1
