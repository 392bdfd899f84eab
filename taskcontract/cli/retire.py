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
)
from taskcontract.cli.parser import Parser, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
A version may go when no consumer's contract calls it, nobody called it lately and nothing is in flight
for it, in quarantine neither.

example:
  taskcontract retire send_to_s3@1

exit codes: 0 it may go, 1 it may not, 2 it could not be found out.
"""


def run(argv: Sequence[str]) -> int:
    """Print whether the version may go and every reason against it; 1 where it may not."""
    parser = Parser("retire", "May a version of a task go?", epilog=EPILOG)
    parser.add_argument("task", metavar="TASK@VERSION", help="a version of a task: send_to_s3@1")
    parser.add_argument(
        "--bindings", action="append", default=[], metavar="MODULE", help="default: configured"
    )
    parser.add_argument(
        "--days", type=float, default=30, help="how long a caller counts as one (default: 30)"
    )
    parser.add_argument("--queue", action="append", default=[], help="look into this queue too; repeatable")
    parser.add_argument("--timeout", type=float, default=1.0, help="seconds for the workers to answer")
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
    from taskcontract.reporting.escape import escape_controls
    from taskcontract.reporting.operations import render_retirement

    queues = {*find_queues([task], app), *arguments.queue}
    contracts = [
        load_contract(file) for folder in config.folders for file in sorted(folder.glob("*--*.json"))
    ]
    retirement = judge_retirement(
        task,
        contracts,
        store_for(app).read(task.service.name),
        find_in_flight(app, queues, {task.wire_name}, timeout=arguments.timeout),
        days=arguments.days,
    )
    if arguments.format == "json":
        sys.stdout.write(json.dumps({**asdict(retirement), "may_go": retirement.may_go}, indent=2) + "\n")
    else:
        sys.stdout.write(escape_controls(render_retirement(retirement)))
    return 0 if retirement.may_go else 1
