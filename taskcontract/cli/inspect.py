"""`taskcontract inspect`: do the running workers serve what the bindings declare?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import add_cluster_options, find_app, find_declared_services, find_scheduled
from taskcontract.cli.parser import Parser, add_timeout_option, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
Asked are the workers that consume a queue of the services; read are the entries of the app's beat schedule,
which are callers too.

exit codes: 0 every worker and every entry keeps the contract, 1 one does not, or no worker consumes a queue,
2 it could not be found out.
"""


def run(argv: Sequence[str]) -> int:
    """Print which worker lacks what, and what beat calls wrongly; 1 where there is such, or no worker."""
    parser = Parser("inspect", "Do the running workers keep the contract?", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    add_timeout_option(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    services = find_declared_services(arguments.modules, config)
    app = find_app(arguments, config)

    from taskcontract.declare.beat.judging import find_wrong_entries
    from taskcontract.operations.drift import ask_workers, find_drift
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_drift, render_schedule

    wire_names = [name for service in services for task in service.tasks for name in task.wire_names]
    serving = ask_workers(app, wire_names, arguments.timeout)
    drifts = {
        service.name: find_drift(service.spec(), serving, app.conf.task_default_queue, service.today())
        for service in services
    }
    scheduled = find_scheduled(app)
    consumed = set[str]().union(*(said.queues for said in serving.values()))
    wrong = list(find_wrong_entries(app, services, scheduled, consumed=consumed))
    if arguments.format == "json":
        rows = {
            service.name: {
                **asdict(drifts[service.name]),
                "beat": [
                    asdict(each) for each in find_wrong_entries(app, [service], scheduled, consumed=consumed)
                ],
            }
            for service in services
        }
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        for name, drift in drifts.items():
            sys.stdout.write(tame(render_drift(name, drift)))
        calls = sum(bool(entry.calls & set(wire_names)) for entry in scheduled)
        sys.stdout.write(tame(render_schedule(calls, wrong)))
    return 0 if not wrong and all(drift.keeps_the_contract for drift in drifts.values()) else 1
