"""`taskcontract inspect`: do the running workers serve what the bindings declare?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_app, find_declared_services, find_scheduled
from taskcontract.cli.command import command
from taskcontract.cli.options import (
    cluster_options,
    format_option,
    modules_argument,
    read_project_config,
    timeout_option,
)

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["run"]

EPILOG = """\
Asked are the workers that consume a queue of the services; read are the entries of the app's beat schedule,
which are callers too.

exit codes: 0 every worker and every entry keeps the contract, 1 one does not, or no worker consumes a queue,
2 it could not be found out.
"""


@command("inspect", "Do the running workers keep the contract?", epilog=EPILOG)
@modules_argument()
@timeout_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print which worker lacks what, and what beat calls wrongly; 1 where there is such, or no worker."""
    config = read_project_config()
    services = find_declared_services(modules, config)
    found = find_app(config, app, broker, backend)

    from taskcontract.declare.beat.judging import find_wrong_entries
    from taskcontract.operations.drift import find_drift
    from taskcontract.operations.served_versions import ask_workers
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_drift, render_schedule

    wire_names = [name for service in services for task in service.tasks for name in task.wire_names]
    serving = ask_workers(found, wire_names, timeout)
    drifts = {
        service.name: find_drift(service.spec(), serving, found.conf.task_default_queue, service.today())
        for service in services
    }
    scheduled = find_scheduled(found)
    consumed = set[str]().union(*(said.queues for said in serving.values()))
    wrong = list(find_wrong_entries(found, services, scheduled, consumed=consumed))
    if form == "json":
        rows = {
            service.name: {
                **asdict(drifts[service.name]),
                "beat": [
                    asdict(each)
                    for each in find_wrong_entries(found, [service], scheduled, consumed=consumed)
                ],
            }
            for service in services
        }
        sys.stdout.write(write_document("inspect", {"services": rows}))
    else:
        for name, drift in drifts.items():
            sys.stdout.write(tame(render_drift(name, drift)))
        calls = sum(bool(entry.calls & set(wire_names)) for entry in scheduled)
        sys.stdout.write(tame(render_schedule(calls, wrong)))
    return 0 if not wrong and all(drift.keeps_the_contract for drift in drifts.values()) else 1
