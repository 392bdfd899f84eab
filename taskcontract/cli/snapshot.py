"""`taskcontract snapshot`: a service's API as canonical JSON."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.cli.services import modules_argument, name_bindings, select_services, service_option
from taskcontract.errors import ConfigError
from taskcontract.reporting.progress import show_progress
from taskcontract.reporting.written import Snapshot, render_snapshot_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.declare.service import Service
    from taskcontract.model.config import Config
    from taskcontract.model.service import ServiceSpec

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract snapshot bindings.pusher                     to stdout
  taskcontract snapshot bindings.pusher -o pusher.json      to a file
  taskcontract snapshot bindings.pusher --publish           to contracts/pusher/<version>.json
  taskcontract snapshot --publish                           all configured services
  taskcontract snapshot --publish --format json             the same, and what was written as data

The same API gives the same bytes. A published version never changes: publish a change under a higher one.

exit codes: 0 it is written or published, 2 it could not be.
"""


# VERSION may be left out, so that MODULE must stand before it.
@command(
    "snapshot",
    "Write the task API of a service as JSON.",
    epilog=EPILOG,
    options_metavar="[-o FILE | --publish [VERSION]] [OPTIONS]",
)
@modules_argument()
@service_option()
@option("-o", "--output", metavar="FILE", help="write to FILE instead of stdout")
@option(
    "--publish",
    metavar="[VERSION]",
    is_flag=False,
    flag_value="",
    help="keep it as a published version, by default the service's own",
)
@format_option("text", "json")
def run(
    modules: tuple[str, ...], services: tuple[str, ...], output: str | None, publish: str | None, form: str
) -> int:
    """Write the spec of each service to stdout or a file, or publish it; 0."""
    if output is not None and publish is not None:
        raise ConfigError("--output is not allowed with --publish", where="snapshot", do="Give one of them.")
    found = _find_services(select_services(read_project_config(), modules, services))
    is_one = len(found) == 1
    if not is_one and publish is None and (form == "text" or output is not None):
        raise ConfigError(
            "these are several services", do=f"Name one: {_list_choices(found)}; or give --publish."
        )
    if not is_one and publish:
        raise ConfigError(
            "one version cannot be that of several services", do=f"Name one: {_list_choices(found)}."
        )
    with show_progress("reading the services", len(found)) as work:
        written = []
        for each in found:
            written.append(_write(each, output, publish, form))
            work.done += 1
    if form == "json":
        write_output(render_snapshot_json(written), None)
    elif publish is not None:
        sys.stderr.write("".join(map(_say, written)))
    return 0


def _say(written: Snapshot) -> str:
    said = "published" if written.state == "published" else "already published, the same"
    return f"{written.spec.name} {written.spec.version} {said}: {written.file}\n"


class _Found(NamedTuple):
    """A service, the module that declares it, and the configuration that it is published with."""

    service: Service
    module: str
    config: Config


def _find_services(parts: Iterable[Config]) -> list[_Found]:
    from taskcontract.extract.bindings import find_services

    found: dict[Service, _Found] = {}  # one module may import another's
    for part in parts:
        for module in name_bindings(part):
            services = find_services(module)
            for variable, service in services.items():
                spelled = module if len(services) == 1 or ":" in module else f"{module}:{variable}"
                found.setdefault(service, _Found(service, spelled, part))
    return list(found.values())


def _list_choices(found: Iterable[_Found]) -> str:
    return ", ".join(each.module for each in found)


def _write(found: _Found, output: str | None, publish: str | None, form: str) -> Snapshot:
    from taskcontract.model.spec_file import dump_spec

    spec = found.service.spec()
    if publish is not None:
        return _publish(spec, publish, found)
    if form == "text" or output not in (None, "-"):
        write_output(dump_spec(spec), output)
    file = None if output == "-" else output
    return Snapshot(spec, found.module, file, "printed" if file is None else "written")


def _publish(spec: ServiceSpec, version: str, found: _Found) -> Snapshot:
    from taskcontract.model.version import parse_version
    from taskcontract.registry.local import LocalRegistry

    if version:
        spec = replace(spec, version=str(parse_version(version)))
    path, is_new = LocalRegistry(*found.config.folders).publish(spec)
    return Snapshot(spec, found.module, str(path), "published" if is_new else "unchanged")
