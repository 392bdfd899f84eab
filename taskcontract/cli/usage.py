"""`taskcontract usage`: who still calls which version, when last, and what they send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_systems, nothing_counted
from taskcontract.cli.command import command, option
from taskcontract.cli.options import (
    cluster_options,
    days_option,
    format_option,
    read_project_config,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import modules_argument, select_services, service_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

    from taskcontract.cli.cluster import System
    from taskcontract.usage import ServiceUsage

__all__ = ["run"]

EPILOG = """\
The workers count; this reads what they counted: from the app's Redis if it has one, else from the file
that TASKCONTRACT_USAGE names (default: this user's own). Tasks without bindings are counted where the app
has `install_observer` or `install_safety_net`: name it with --app.

exit codes: 0 the counts were read, 2 they could not be, or there are none.
"""


@command("usage", "Who still calls which version of a task.", epilog=EPILOG)
@modules_argument()
@service_option()
@days_option()
@option("--shapes", is_flag=True, help="also what each sends: how many arguments, of which names and types")
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    days: float,
    shapes: bool,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print the uses of the services of `modules` and `services`, and of what else their apps count."""
    parts = select_services(read_project_config(), modules, services)
    systems = find_systems(parts, app, broker, backend, with_services=True, may_lack_bindings=True)

    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.progress import show_progress
    from taskcontract.reporting.usage import render_usage, render_usage_json

    usages: list[ServiceUsage] = []
    places: dict[str, None] = {}
    with show_progress("reading the counts"):
        for system in systems:
            usages += _look(system, days, places, has_app=broker is None)
    if all(each.since is None for each in usages):
        names = ", ".join(repr(usage.service) for usage in usages) or "any service"
        alternative = "name its app with --app; tasks without bindings need `install_observer` there"
        raise nothing_counted(names, ", ".join(places), alternative)
    if form == "json":
        report = {usage.service: render_usage_json(usage, shapes=shapes) for usage in usages}
        write_output(write_document("usage", {"days": days, "services": report}), None)
        return 0
    show_page(block for usage in usages for block in render_usage(usage, shapes=shapes))
    return 0


def _look(system: System, days: float, places: dict[str, None], *, has_app: bool) -> Iterator[ServiceUsage]:
    """Yield how the services of one system are used, then what its observers count besides."""
    from taskcontract.safety_net.observer import find_observed_service
    from taskcontract.usage import judge_observed, judge_usage, store_for

    store = store_for(system.app)
    places[store.place] = None
    for service in system.services:
        yield judge_usage(service, store.read(service.name), days=days)
    declared = {service.name for service in system.services}
    # Of a broker alone nobody knows the app's name.
    observed = [find_observed_service(system.app)] if has_app else store.services()
    for name in observed:
        counted = store.read(name) if name not in declared else None
        if counted is not None and (not declared or (has_app and counted.uses)):
            yield judge_observed(name, counted, days=days)
