"""`taskcontract snapshot`: a service's API as canonical JSON."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.cli.parser import Parser, read_project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.service import ServiceSpec

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract snapshot bindings.pusher                     to stdout
  taskcontract snapshot bindings.pusher -o pusher.json      to a file
  taskcontract snapshot bindings.pusher --publish           to contracts/pusher/<version>.json

The same API gives the same bytes. A published version never changes: publish a change under a higher one.
"""


def run(argv: Sequence[str]) -> int:
    """Write the spec of the service that the arguments name; 0."""
    parser = Parser("snapshot", "Write the task API of a service as JSON.", epilog=EPILOG)
    # VERSION may be left out, so that MODULE must stand before it.
    parser.usage = "taskcontract snapshot MODULE [-o FILE | --publish [VERSION]]"
    parser.add_argument("service", metavar="MODULE", help="a bindings module: bindings.pusher")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of stdout")
    where.add_argument(
        "--publish",
        metavar="VERSION",
        nargs="?",
        const="",
        help="keep it as a published version, by default the service's own",
    )
    arguments = parser.parse_args(argv)
    from taskcontract.extract.bindings import find_service

    spec = find_service(arguments.service).spec()
    if arguments.publish is not None:
        _publish(spec, arguments.publish)
        return 0
    from taskcontract.cli.output import write_output
    from taskcontract.model.spec_file import dump_spec

    write_output(dump_spec(spec), arguments.output)
    return 0


def _publish(spec: ServiceSpec, version: str) -> None:
    from taskcontract.model.version import parse_version
    from taskcontract.registry.local import LocalRegistry

    if version:
        spec = replace(spec, version=str(parse_version(version)))
    path, is_new = LocalRegistry(*read_project_config().folders).publish(spec)
    said = "published" if is_new else "already published, the same"
    sys.stderr.write(f"{spec.name} {spec.version} {said}: {path}\n")
