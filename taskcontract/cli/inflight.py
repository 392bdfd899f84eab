"""`taskcontract inflight`: what waits for a service, without taking any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taskcontract.cli.cluster import find_queues, find_systems
from taskcontract.cli.command import command, option
from taskcontract.cli.options import (
    cluster_options,
    format_option,
    queue_option,
    read_project_config,
    timeout_option,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.rehearse import EXITS, choose_system, find_rehearsed_sides, rehearse, show_rehearsal
from taskcontract.cli.services import modules_argument, select_services, service_option
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["run"]

EPILOG = """\
Counted are messages in the services' queues (all priorities), those that workers have not acknowledged,
those that wait at a worker for their ETA, and those in quarantine, which go back to these queues. The
other queues of the app, and of the workers that serve these tasks, are looked through for them too.

With --against, each of them and each of beat's entries is read as a worker of NEW reads it, and nothing is
taken. What serves now is told by the configured bindings, or by --from. Both may be whatever
`taskcontract diff` compares: a version, a file, a module, a ref, a folder, app:module:attribute, ...

exit codes: 0 looked, or all that is served now means the same to NEW; 1 NEW would refuse or misread some;
2 it could not be found out, or not for all.
"""


@command("inflight", "What waits for a service, by task and version.", epilog=EPILOG)
@modules_argument()
@service_option()
@option("--against", metavar="NEW", help="say what becomes of each message at this version")
@option("--from", "serving", metavar="OLD", help="what serves them now (default: the bindings)")
@option("--sample", type=click.IntRange(min=1), metavar="N", help="look at N messages of each queue only")
@queue_option()
@timeout_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    against: str | None,
    serving: str | None,
    sample: int | None,
    queues: tuple[str, ...],
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print what is in flight for `queues` and those of the services of `modules` and `services`."""
    config = read_project_config()
    parts = select_services(config, modules, services)
    if against is not None:
        sides = find_rehearsed_sides(against, serving, parts, config)
        systems = find_systems(parts, app, broker, backend)
        found = rehearse(choose_system(systems, sides), sides, queues, timeout=timeout, sample=sample)
        show_rehearsal(found, form)
        return EXITS[found.rehearsal.verdict]
    if serving is not None:
        raise ConfigError("--from is what --against compares with", do="Give --against NEW too.")
    only_queues = queues and not (modules or services)
    systems = find_systems(parts, app, broker, backend, with_services=not only_queues)

    from taskcontract.operations.inflight import Look, find_in_flight
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.operations import render_in_flight, write_in_flight
    from taskcontract.reporting.progress import show_progress

    look = Look() if sample is None else Look(sample)
    looks = []
    for system in systems:
        tasks = [task for service in system.services for task in service.tasks]
        wanted = {*queues, *find_queues(tasks, system.app)}
        declared = {name: task.version for task in tasks for name in task.wire_names}
        with show_progress(f"looking into {', '.join(sorted(wanted))}"):
            looks.append(find_in_flight(system.app, wanted, declared, timeout=timeout, look=look))
    if form == "json":
        write_output(write_document("inflight", write_in_flight(looks)), None)
    else:
        show_page(block for found in looks for block in render_in_flight(found))
    return 0
