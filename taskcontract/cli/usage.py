"""`taskcontract usage`: who still calls which version, and when last."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_app, find_declared_services, nothing_counted
from taskcontract.cli.command import command
from taskcontract.cli.options import (
    cluster_options,
    days_option,
    format_option,
    modules_argument,
    read_project_config,
)

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["run"]

EPILOG = """\
The workers count; this reads what they counted: from the app's Redis if it has one, else from the file
that TASKCONTRACT_USAGE names (default: this user's own).

exit codes: 0 the counts were read, 2 they could not be, or there are none.
"""


@command("usage", "Who still calls which version of a task.", epilog=EPILOG)
@modules_argument()
@days_option()
@format_option("text", "json")
@cluster_options
def run(
    modules: tuple[str, ...],
    days: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print the uses of the services of `modules`."""
    config = read_project_config()
    services = find_declared_services(modules, config)
    found = find_app(config, app, broker, backend)

    from taskcontract.operations.usage import judge_usage, store_for
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_usage, render_usage_json

    store = store_for(found)
    counted = {service: store.read(service.name) for service in services}
    if all(each.since is None for each in counted.values()):
        names = ", ".join(repr(service.name) for service in services)
        raise nothing_counted(names, store.place, "name its app with --app")
    usages = [judge_usage(service, each, days=days) for service, each in counted.items()]
    if form == "json":
        report = {usage.service: render_usage_json(usage) for usage in usages}
        sys.stdout.write(write_document("usage", {"days": days, "services": report}))
        return 0
    for usage in usages:
        sys.stdout.write(tame(render_usage(usage)))
    return 0
