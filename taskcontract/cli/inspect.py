"""`taskcontract inspect`: do the running workers serve what the bindings declare?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import add_cluster_options, find_app, find_declared_services
from taskcontract.cli.parser import Parser, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

EPILOG = """\
exit codes: 0 every worker keeps the contract, 1 one does not or none answers, 2 a mistake in the input.
"""


def run(argv: Sequence[str]) -> int:
    """Print which worker lacks what; 1 where one does, or where none answers."""
    parser = Parser("inspect", "Do the running workers keep the contract?", epilog=EPILOG)
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="bindings modules (default: configured)")
    parser.add_argument("--timeout", type=float, default=1.0, help="seconds for the workers to answer")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    services = find_declared_services(arguments.modules, config)
    app = find_app(arguments, config)

    from taskcontract.provider.drift import ask_versions, find_drift
    from taskcontract.reporting.escape import escape_controls
    from taskcontract.reporting.operations import render_drift

    served = ask_versions(app, arguments.timeout)
    drifts = {service.name: find_drift(service.spec(), served) for service in services}
    if arguments.format == "json":
        rows = {name: [asdict(drift) for drift in found] for name, found in drifts.items()}
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        for name, found in drifts.items():
            sys.stdout.write(escape_controls(render_drift(name, found)))
    kept = served and all(drift.keeps_the_contract for found in drifts.values() for drift in found)
    return 0 if kept else 1
