"""`taskcontract snapshot`: a service's API as canonical JSON."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config, timeout_option
from taskcontract.cli.output import write_output
from taskcontract.cli.project_sides import LIVE_WORKER, PATIENCE
from taskcontract.cli.services import modules_argument, name_bindings, select_services, service_option
from taskcontract.errors import ConfigError, SpecError
from taskcontract.reporting.progress import show_progress
from taskcontract.reporting.unresolved import say_unresolved
from taskcontract.reporting.written import Snapshot, render_snapshot_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.declare.service import Service
    from taskcontract.extract.found import Unresolved
    from taskcontract.model.config import Config
    from taskcontract.model.service import ServiceSpec
    from taskcontract.reporting.progress import Work

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract snapshot bindings.pusher                     to stdout
  taskcontract snapshot bindings.pusher -o pusher.json      to a file
  taskcontract snapshot git:                                plain tasks of the working tree, without bindings
  taskcontract snapshot pypi:weblate==5.5.5                 those of a release; see `taskcontract diff --help`
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
@timeout_option(PATIENCE, LIVE_WORKER)
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    output: str | None,
    publish: str | None,
    form: str,
    timeout: float,
) -> int:
    """Write the spec of each service to stdout or a file, or publish it; 0."""
    if output is not None and publish is not None:
        raise ConfigError("--output is not allowed with --publish", where="snapshot", do="Give one of them.")
    config = read_project_config()
    with show_progress("reading the sources", len(modules)) as work:
        sources, others = _read_sources(config, modules, work, timeout)
    found = [*sources] if sources and not (others or services) else []
    if not found:
        found = [*sources, *_find_services(select_services(config, others, services))]
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
    for each in found:
        sys.stderr.write(say_unresolved(each.module, each.unresolved))
    if form == "json":
        write_output(render_snapshot_json(written), None)
    elif publish is not None:
        sys.stderr.write("".join(map(_say, written)))
    return 0


def _say(written: Snapshot) -> str:
    said = "published" if written.state == "published" else "already published, the same"
    return f"{written.spec.name} {written.spec.version} {said}: {written.file}\n"


class _Found(NamedTuple):
    """A spec, the module or the source that it was read from, and the configuration it is published with."""

    spec: ServiceSpec
    module: str
    config: Config
    unresolved: tuple[Unresolved, ...] = ()


def _find_services(parts: Iterable[Config]) -> list[_Found]:
    from taskcontract.extract.bindings import find_services

    found: dict[Service, _Found] = {}  # one module may import another's
    for part in parts:
        for module in name_bindings(part):
            services = find_services(module)
            for variable, service in services.items():
                spelled = module if len(services) == 1 or ":" in module else f"{module}:{variable}"
                found.setdefault(service, _Found(service.spec(), spelled, part))
    return list(found.values())


def _read_sources(
    config: Config, words: Sequence[str], work: Work, patience: float
) -> tuple[list[_Found], list[str]]:
    """Return the tasks of those `words` that name a source, and the words that name bindings."""
    from taskcontract.cli.project_sides import read_named_project
    from taskcontract.cli.source_kinds import WHERE_TASKS_ARE, SourceReader

    reader = SourceReader(config)
    found: list[_Found] = []
    others: list[str] = []
    for each in words:
        named = read_named_project(each, config, patience)
        source, word = named if named is not None else (None, each)
        if source is None and word not in config.services:
            source = reader.find(word) or reader.find_word(word)
        if source is None:
            others.append(word)
        elif not (source.spec.tasks or source.unresolved):
            raise SpecError("no Celery task was found", where=word, do=WHERE_TASKS_ARE)
        else:
            found.append(_Found(source.spec, word, config, source.unresolved))
        work.done += 1
    return found, others


def _list_choices(found: Iterable[_Found]) -> str:
    return ", ".join(each.module for each in found)


def _write(found: _Found, output: str | None, publish: str | None, form: str) -> Snapshot:
    from taskcontract.model.spec_file import dump_spec

    spec = found.spec
    if publish is not None:
        return _publish(spec, publish, found)
    if form == "text" or output not in (None, "-"):
        write_output(dump_spec(spec), output)
    file = None if output == "-" else output
    state: Literal["printed", "written"] = "printed" if file is None else "written"
    return Snapshot(spec, found.module, file, state, found.unresolved)


def _publish(spec: ServiceSpec, version: str, found: _Found) -> Snapshot:
    from taskcontract.model.version import parse_version
    from taskcontract.registry.local import LocalRegistry

    if version:
        spec = replace(spec, version=str(parse_version(version)))
    if not spec.version:
        raise ConfigError(
            "a source of plain tasks has no version to publish it under",
            where=found.module,
            do="Give one: --publish 1.0.0; or write it to a file with -o.",
        )
    path, is_new = LocalRegistry(*found.config.folders).publish(spec)
    return Snapshot(spec, found.module, str(path), "published" if is_new else "unchanged")
