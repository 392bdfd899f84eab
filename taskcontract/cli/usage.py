"""`taskcontract usage`: who still calls which version, and when last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_systems, nothing_counted
from taskcontract.cli.command import command
from taskcontract.cli.options import (
    cluster_options,
    days_option,
    format_option,
    read_project_config,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import modules_argument, select_services, service_option

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.operations.usage.use import Counted

__all__ = ["run"]

EPILOG = """\
The workers count; this reads what they counted: from the app's Redis if it has one, else from the file
that TASKCONTRACT_USAGE names (default: this user's own).

exit codes: 0 the counts were read, 2 they could not be, or there are none.
"""


@command("usage", "Who still calls which version of a task.", epilog=EPILOG)
@modules_argument()
@service_option()
@days_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    days: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print the uses of the services of `modules` and `services`."""
    parts = select_services(read_project_config(), modules, services)
    systems = find_systems(parts, app, broker, backend, with_services=True)

    from taskcontract.operations.usage import judge_usage, store_for
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.operations import render_usage, render_usage_json
    from taskcontract.reporting.progress import show_progress

    counted: dict[Service, Counted] = {}
    places: dict[str, None] = {}
    with show_progress("reading the counts"):
        for system in systems:
            store = store_for(system.app)
            places[store.place] = None
            counted |= {service: store.read(service.name) for service in system.services}
    if all(each.since is None for each in counted.values()):
        names = ", ".join(repr(service.name) for service in counted)
        raise nothing_counted(names, ", ".join(places), "name its app with --app")
    usages = [judge_usage(service, each, days=days) for service, each in counted.items()]
    if form == "json":
        report = {usage.service: render_usage_json(usage) for usage in usages}
        write_output(write_document("usage", {"days": days, "services": report}), None)
        return 0
    show_page(block for usage in usages for block in render_usage(usage))
    return 0
