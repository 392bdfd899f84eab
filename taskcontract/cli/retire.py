"""`taskcontract retire`: may this version of a task go?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import (
    add_cluster_options,
    find_app,
    find_declared_services,
    find_declared_task,
    find_queues,
    find_scheduled,
    nothing_counted,
)
from taskcontract.cli.parser import Parser, add_days_option, add_timeout_option, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def run(argv: Sequence[str]) -> int:
    """Print whether the version may go and every reason against it; 1 where it may not."""
    parser = Parser("retire", "May a version of a task go?", epilog=EPILOG)
    parser.add_argument("task", metavar="TASK@VERSION", help="a version of a task: send_to_s3@1, or an alias")
    parser.add_argument(
        "--bindings", action="append", default=[], metavar="MODULE", help="default: configured"
    )
    add_days_option(parser)
    parser.add_argument(
        "--without-usage", action="store_true", help="do not ask who called it: no worker counted"
    )
    parser.add_argument("--queue", action="append", default=[], help="look into this queue too; repeatable")
    add_timeout_option(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    services = find_declared_services(arguments.bindings, config)
    aliased = [task for service in services for task in service.tasks if arguments.task in task.aliases]
    task = aliased[0] if aliased else find_declared_task(arguments.task, services)
    alias = arguments.task if aliased else ""
    app = find_app(arguments, config)

    from taskcontract.operations.inflight import find_in_flight
    from taskcontract.operations.retirement import judge_retirement
    from taskcontract.operations.usage import store_for
    from taskcontract.registry.contracts import load_contracts
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.operations import render_retirement

    contracts = load_contracts(config.folders)
    store = store_for(app)
    counted = None if arguments.without_usage else store.read(task.service.name)
    is_unknown = counted is not None and counted.since is None
    queues = {*find_queues([task], app), *arguments.queue}
    declared = dict.fromkeys([alias] if alias else task.wire_names, task.version)
    found = find_in_flight(app, queues, declared, timeout=arguments.timeout)
    known = None if is_unknown else counted
    scheduled = find_scheduled(app)
    retirement = judge_retirement(
        task, contracts, known, found.messages, scheduled, alias=alias, days=arguments.days
    )
    if is_unknown and retirement.may_go:
        raise nothing_counted(repr(task.service.name), store.place, "leave it out with --without-usage")
    if arguments.format == "json":
        sys.stdout.write(json.dumps({**asdict(retirement), "may_go": retirement.may_go}, indent=2) + "\n")
    else:
        sys.stdout.write(tame(render_retirement(retirement)))
    return 0 if retirement.may_go else 1
