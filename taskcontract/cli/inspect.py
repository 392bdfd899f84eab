"""`taskcontract inspect`: whether the running workers serve what the bindings declare."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.cli.cluster import find_scheduled, find_systems
from taskcontract.cli.command import command
from taskcontract.cli.options import (
    cluster_options,
    format_option,
    read_project_config,
    timeout_option,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import modules_argument, select_services, service_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

    from taskcontract.cli.cluster import System
    from taskcontract.declare.beat.judging import WrongEntry
    from taskcontract.declare.service import Service
    from taskcontract.operations.drift import Drift
    from taskcontract.reporting.page import Block

__all__ = ["run"]

EPILOG = """\
Asked are the workers that consume a queue of the services; read are the entries of the app's beat schedule,
which are callers too.

exit codes: 0 every worker and every entry keeps the contract, 1 one does not, or no worker consumes a queue,
2 it could not be found out.
"""


@command("inspect", "Do the running workers keep the contract?", epilog=EPILOG)
@modules_argument()
@service_option()
@timeout_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print which worker lacks what, and what beat calls wrongly; 1 where there is such, or no worker."""
    parts = select_services(read_project_config(), modules, services)
    systems = find_systems(parts, app, broker, backend, with_services=True)

    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.operations import render_drift, render_schedule

    looks = [_look_at(system, timeout) for system in systems]
    if form == "json":
        rows = {
            name: {**asdict(drift), "beat": [asdict(each) for each in look.beat[name]]}
            for look in looks
            for name, drift in look.drifts.items()
        }
        write_output(write_document("inspect", {"services": rows}), None)
    else:
        page: list[Block] = []
        for look in looks:
            for name, drift in look.drifts.items():
                page += render_drift(name, drift)
            page += render_schedule(look.calls, look.wrong)
        show_page(page)
    return 0 if all(look.keeps_the_contract for look in looks) else 1


class _Look(NamedTuple):
    """What a running system does: its workers, and how many calls of its schedule, which of them wrong."""

    drifts: dict[str, Drift]
    calls: int
    wrong: list[WrongEntry]
    beat: dict[str, list[WrongEntry]]
    """The same, service by service."""

    @property
    def keeps_the_contract(self) -> bool:
        """Whether every worker and every entry does."""
        return not self.wrong and all(drift.keeps_the_contract for drift in self.drifts.values())


def _look_at(system: System, timeout: float) -> _Look:
    from taskcontract.declare.beat.judging import find_wrong_entries
    from taskcontract.operations.drift import find_drift
    from taskcontract.operations.served_versions import ask_workers
    from taskcontract.reporting.progress import show_progress

    app, services = system.app, system.services
    wire_names = [name for service in services for task in service.tasks for name in task.wire_names]
    with show_progress(f"asking the workers of {', '.join(service.name for service in services)}"):
        serving = ask_workers(app, wire_names, timeout)
        drifts = {
            service.name: find_drift(service.spec(), serving, app.conf.task_default_queue, service.today())
            for service in services
        }
        scheduled = find_scheduled(app)
    consumed = set[str]().union(*(said.queues for said in serving.values()))

    def find_wrong(services: Sequence[Service]) -> list[WrongEntry]:
        return list(find_wrong_entries(app, services, scheduled, consumed=consumed))

    calls = sum(bool(entry.calls & set(wire_names)) for entry in scheduled)
    beat = {service.name: find_wrong([service]) for service in services}
    return _Look(drifts, calls, find_wrong(services), beat)
