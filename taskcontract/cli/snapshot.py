"""`taskcontract snapshot`: a service's API as canonical JSON."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import read_project_config
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from taskcontract.declare.service import Service
    from taskcontract.model.service import ServiceSpec

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract snapshot bindings.pusher                     to stdout
  taskcontract snapshot bindings.pusher -o pusher.json      to a file
  taskcontract snapshot bindings.pusher --publish           to contracts/pusher/<version>.json
  taskcontract snapshot --publish                           all configured bindings

The same API gives the same bytes. A published version never changes: publish a change under a higher one.
"""


# VERSION may be left out, so that MODULE must stand before it.
@command(
    "snapshot",
    "Write the task API of a service as JSON.",
    epilog=EPILOG,
    options_metavar="[-o FILE | --publish [VERSION]]",
)
@argument(
    "module",
    metavar="MODULE",
    required=False,
    help="a bindings module: bindings.pusher (default: those configured)",
)
@option("-o", "--output", metavar="FILE", help="write to FILE instead of stdout")
@option(
    "--publish",
    metavar="[VERSION]",
    is_flag=False,
    flag_value="",
    help="keep it as a published version, by default the service's own",
)
def run(module: str | None, output: str | None, publish: str | None) -> int:
    """Write the spec of the service of `module`, or publish those of all configured bindings; 0."""
    if output is not None and publish is not None:
        raise ConfigError("--output is not allowed with --publish", where="snapshot", do="Give one of them.")
    services = _find_services(module)
    if len(services) > 1 and publish is None:
        raise ConfigError("several services are configured", do=f"Name one: {_list_modules()}.")
    if len(services) > 1 and publish:
        raise ConfigError(
            "one version cannot be that of several services", do=f"Name one: {_list_modules()}."
        )
    specs = [service.spec() for service in services]
    if publish is not None:
        for spec in specs:
            _publish(spec, publish)
        return 0
    from taskcontract.cli.output import write_output
    from taskcontract.model.spec_file import dump_spec

    write_output(dump_spec(specs[0]), output)
    return 0


def _find_services(module: str | None) -> list[Service]:
    """The service of `module`, or all of the configured bindings."""
    if module is not None:
        from taskcontract.extract.bindings import find_service

        return [find_service(module)]
    from taskcontract.cli.cluster import find_declared_services

    return find_declared_services((), read_project_config())


def _list_modules() -> str:
    return ", ".join(read_project_config().bindings)


def _publish(spec: ServiceSpec, version: str) -> None:
    from taskcontract.model.version import parse_version
    from taskcontract.registry.local import LocalRegistry

    if version:
        spec = replace(spec, version=str(parse_version(version)))
    path, is_new = LocalRegistry(*read_project_config().folders).publish(spec)
    said = "published" if is_new else "already published, the same"
    sys.stderr.write(f"{spec.name} {spec.version} {said}: {path}\n")
