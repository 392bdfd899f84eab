"""`taskcontract retire`: whether a version of a task may go."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import (
    find_app,
    find_declared_services,
    find_declared_task,
    find_queues,
    find_scheduled,
    nothing_counted,
)
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import (
    bindings_option,
    cluster_options,
    days_option,
    format_option,
    queue_option,
    read_project_config,
    timeout_option,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import select_services, service_option

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["run"]

EPILOG = """\
A version may go when no consumer's contract calls it, no entry of the app's beat schedule does, no caller
used it lately, and nothing is in flight or in quarantine for it.

examples:
  taskcontract retire send_to_s3@1
  taskcontract retire pusher.send_to_s3@1      where several services have a task send_to_s3
  taskcontract retire pusher.old_name          an alias alone

exit codes: 0 it may go, 1 it may not, 2 it could not be found out.
"""


@command("retire", "May a version of a task go?", epilog=EPILOG)
@argument("wanted", metavar="TASK@VERSION", help="a version of a task: send_to_s3@1, or an alias")
@bindings_option()
@service_option()
@days_option()
@option("--without-usage", is_flag=True, help="do not ask who called it: no worker counted")
@queue_option()
@timeout_option()
@format_option("text", "json")
@cluster_options
def run(
    wanted: str,
    bindings: tuple[str, ...],
    services: tuple[str, ...],
    days: float,
    without_usage: bool,
    queues: tuple[str, ...],
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print whether the version `wanted` may go and every reason against it; 1 where it may not."""
    parts = select_services(read_project_config(), bindings, services)
    owners = {service: part for part in parts for service in find_declared_services(part)}
    aliased = [task for service in owners for task in service.tasks if wanted in task.aliases]
    task = aliased[0] if aliased else find_declared_task(wanted, list(owners))
    alias = wanted if aliased else ""
    config = next(part for service, part in owners.items() if service is task.service)
    found_app = find_app(config, app, broker, backend)

    from taskcontract.operations.inflight import find_in_flight
    from taskcontract.operations.retirement import judge_retirement
    from taskcontract.registry.contracts import load_contracts
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.operations import render_retirement
    from taskcontract.reporting.progress import show_progress
    from taskcontract.usage import store_for

    contracts = load_contracts(config.folders)
    store = store_for(found_app)
    looked = {*find_queues([task], found_app), *queues}
    declared = dict.fromkeys([alias] if alias else task.wire_names, task.version)
    with show_progress(f"looking for callers of {wanted}"):
        counted = None if without_usage else store.read(task.service.name)
        found = find_in_flight(found_app, looked, declared, timeout=timeout)
        scheduled = find_scheduled(found_app)
    is_unknown = counted is not None and counted.since is None
    known = None if is_unknown else counted
    retirement = judge_retirement(task, contracts, known, found.messages, scheduled, alias=alias, days=days)
    if is_unknown and retirement.may_go:
        raise nothing_counted(repr(task.service.name), store.place, "leave it out with --without-usage")
    if form == "json":
        write_output(write_document("retire", {**asdict(retirement), "may_go": retirement.may_go}), None)
    else:
        show_page(render_retirement(retirement))
    return 0 if retirement.may_go else 1
