"""`taskcontract inflight`: what waits for a service, without taking any of it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import add_cluster_options, find_app, find_declared_services, find_queues
from taskcontract.cli.parser import Parser, add_timeout_option, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
Counted are messages in the services' queues (all priorities), those that workers have not acknowledged,
those that wait at a worker for their ETA, and those in quarantine, which go back to these queues. The
other queues of the app, and of the workers that serve these tasks, are looked through for them too.

exit codes: 0 looked, 2 it could not be found out.
"""


def run(argv: Sequence[str]) -> int:
    """Print what is in flight for the queues of the services that the arguments name."""
    parser = Parser("inflight", "What waits for a service, by task and version.", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    parser.add_argument("--queue", action="append", default=[], help="look into this queue too; repeatable")
    add_timeout_option(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    queues = set(arguments.queue)
    only_queues = queues and not arguments.modules
    services = [] if only_queues else find_declared_services(arguments.modules, config)
    app = find_app(arguments, config)
    tasks = [task for service in services for task in service.tasks]
    queues |= find_queues(tasks, app)

    from taskcontract.operations.inflight import find_in_flight
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_in_flight

    declared = {name: task.version for task in tasks for name in task.wire_names}
    found = find_in_flight(app, queues, declared, timeout=arguments.timeout)
    if arguments.format == "json":
        sys.stdout.write(json.dumps([asdict(message) for message in found.messages], indent=2) + "\n")
    else:
        sys.stdout.write(tame(render_in_flight(found)))
    return 0
