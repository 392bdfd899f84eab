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
    nothing_counted,
)
from taskcontract.cli.parser import Parser, add_days_option, add_timeout_option, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
A version may go when no consumer's contract calls it, nobody called it lately and nothing is in flight
for it, in quarantine neither.

examples:
  taskcontract retire send_to_s3@1
  taskcontract retire pusher.send_to_s3@1      where several services have a task send_to_s3

exit codes: 0 it may go, 1 it may not, 2 it could not be found out.
"""


def run(argv: Sequence[str]) -> int:
    """Print whether the version may go and every reason against it; 1 where it may not."""
    parser = Parser("retire", "May a version of a task go?", epilog=EPILOG)
    parser.add_argument("task", metavar="TASK@VERSION", help="a version of a task: send_to_s3@1")
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
    task = find_declared_task(arguments.task, find_declared_services(arguments.bindings, config))
    app = find_app(arguments, config)

    from taskcontract.model.pact import load_contract
    from taskcontract.provider.inflight import find_in_flight
    from taskcontract.provider.retirement import judge_retirement
    from taskcontract.provider.usage import store_for
    from taskcontract.registry.contracts import find_contract_files
    from taskcontract.reporting.escape import escape_controls
    from taskcontract.reporting.operations import render_retirement

    contracts = [load_contract(file) for file in find_contract_files(config.folders)]
    store = store_for(app)
    counted = None if arguments.without_usage else store.read(task.service.name)
    is_unknown = counted is not None and counted.since is None
    queues = {*find_queues([task], app), *arguments.queue}
    declared = {task.wire_name: task.version}
    found = find_in_flight(app, queues, declared, timeout=arguments.timeout)
    known = None if is_unknown else counted
    retirement = judge_retirement(task, contracts, known, found.messages, days=arguments.days)
    if is_unknown and retirement.may_go:
        raise nothing_counted(repr(task.service.name), store.place, "leave it out with --without-usage")
    if arguments.format == "json":
        sys.stdout.write(json.dumps({**asdict(retirement), "may_go": retirement.may_go}, indent=2) + "\n")
    else:
        sys.stdout.write(escape_controls(render_retirement(retirement)))
    return 0 if retirement.may_go else 1
