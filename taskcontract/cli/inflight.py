"""`taskcontract inflight`: what waits for a service, without taking any of it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_app, find_declared_services, find_queues
from taskcontract.cli.command import command
from taskcontract.cli.options import (
    cluster_options,
    format_option,
    modules_argument,
    queue_option,
    read_project_config,
    timeout_option,
)

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["run"]

EPILOG = """\
Counted are messages in the services' queues (all priorities), those that workers have not acknowledged,
those that wait at a worker for their ETA, and those in quarantine, which go back to these queues. The
other queues of the app, and of the workers that serve these tasks, are looked through for them too.

exit codes: 0 looked, 2 it could not be found out.
"""


@command("inflight", "What waits for a service, by task and version.", epilog=EPILOG)
@modules_argument()
@queue_option()
@timeout_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    queues: tuple[str, ...],
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print what is in flight for `queues` and those of the services of `modules`."""
    config = read_project_config()
    only_queues = queues and not modules
    services = [] if only_queues else find_declared_services(modules, config)
    found_app = find_app(config, app, broker, backend)
    tasks = [task for service in services for task in service.tasks]
    wanted = {*queues, *find_queues(tasks, found_app)}

    from taskcontract.operations.inflight import find_in_flight
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_in_flight

    declared = {name: task.version for task in tasks for name in task.wire_names}
    found = find_in_flight(found_app, wanted, declared, timeout=timeout)
    if form == "json":
        content = {
            "queues": list(found.queues),
            "messages": [asdict(message) for message in found.messages],
            "cut": [{"queue": queue, "looked_at": most} for queue, most in found.cut],
        }
        sys.stdout.write(write_document("inflight", content))
    else:
        sys.stdout.write(tame(render_in_flight(found)))
    return 0
