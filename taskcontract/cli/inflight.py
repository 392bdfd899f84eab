"""`taskcontract inflight`: what waits for a service, without taking any of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_queues, find_systems
from taskcontract.cli.command import command
from taskcontract.cli.options import (
    cluster_options,
    format_option,
    queue_option,
    read_project_config,
    timeout_option,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import modules_argument, select_services, service_option

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
@service_option()
@queue_option()
@timeout_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    queues: tuple[str, ...],
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print what is in flight for `queues` and those of the services of `modules` and `services`."""
    only_queues = queues and not (modules or services)
    parts = select_services(read_project_config(), modules, services)
    systems = find_systems(parts, app, broker, backend, with_services=not only_queues)

    from taskcontract.operations.inflight import find_in_flight
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.operations import render_in_flight
    from taskcontract.reporting.progress import show_progress

    looks = []
    for system in systems:
        tasks = [task for service in system.services for task in service.tasks]
        wanted = {*queues, *find_queues(tasks, system.app)}
        declared = {name: task.version for task in tasks for name in task.wire_names}
        with show_progress(f"looking into {', '.join(sorted(wanted))}"):
            looks.append(find_in_flight(system.app, wanted, declared, timeout=timeout))
    if form == "json":
        content = {
            "queues": sorted({queue for found in looks for queue in found.queues}),
            "messages": [asdict(message) for found in looks for message in found.messages],
            "cut": [{"queue": queue, "looked_at": most} for found in looks for queue, most in found.cut],
        }
        write_output(write_document("inflight", content), None)
    else:
        show_page(block for found in looks for block in render_in_flight(found))
    return 0
