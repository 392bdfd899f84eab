"""`taskcontract export`: a service's API as an AsyncAPI document, or as JSON Schemas."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import read_project_config
from taskcontract.cli.output import write_output
from taskcontract.errors import ConfigError, SpecError

if TYPE_CHECKING:
    from taskcontract.cli.sides import SpecSide
    from taskcontract.model.canonical import Json
    from taskcontract.model.config import Config
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract export asyncapi bindings.pusher -o pusher.asyncapi.json
  taskcontract export asyncapi pusher@2 --server amqp://rabbitmq.example.com/
  taskcontract export jsonschema bindings.pusher                   of all tasks, in one document
  taskcontract export jsonschema pusher@2 --task send_to_s3@1      of one version of a task

SOURCE is whatever `taskcontract diff` compares: bindings, a published version, a file, a folder, a ref such
as main, a wheel, pypi:NAME==VERSION, app:module:attribute, live:BROKER_URL. Without it, the only bindings
that are configured. asyncapi writes an AsyncAPI 3.0 document, jsonschema a JSON Schema (2020-12) of the body
of each task's messages, with its headers, result and errors. The same API gives the same bytes.

exit codes: 0 it is written, 2 it could not be.
"""


@command("export", "Write a service's API in a form that other tools read.", epilog=EPILOG)
@argument("what", type=click.Choice(["asyncapi", "jsonschema"]), help="which form")
@argument("source", metavar="SOURCE", required=False, help="where the API is read (default: the bindings)")
@option("-o", "--output", metavar="FILE", help="write to FILE instead of stdout")
@option("--task", metavar="TASK", help="jsonschema: only this one, as send_to_s3 or send_to_s3@1")
@option(
    "--server",
    "servers",
    multiple=True,
    metavar="URL",
    help="asyncapi: a broker that the service is on, without its password; repeatable",
)
def run(what: str, source: str | None, output: str | None, task: str | None, servers: tuple[str, ...]) -> int:
    """Write the API of `source` to stdout or a file; 0."""
    if servers and what != "asyncapi":
        raise ConfigError("a JSON Schema has no servers", where="--server", do="Leave it out.")
    if task is not None and what != "jsonschema":
        raise ConfigError("an AsyncAPI document is of a whole service", where="--task", do="Leave it out.")
    config = read_project_config()
    side = _find_side(source or _find_only(config), config)

    from taskcontract.model.canonical import dump_canonical

    write_output(dump_canonical(_write(what, side, task, servers)), output)
    _say_unresolved(side)
    return 0


def _find_side(source: str, config: Config) -> SpecSide:
    from taskcontract.cli.operands import find_side
    from taskcontract.cli.source_kinds import NO_TASK, WHERE_TASKS_ARE
    from taskcontract.reporting.progress import show_progress

    with show_progress(f"reading {source}"):
        side = find_side(source, config)
    if not (side.spec.tasks or side.spec.version or side.side.unresolved):
        raise SpecError(NO_TASK, where=source, do=WHERE_TASKS_ARE)
    return side


def _find_only(config: Config) -> str:
    """Return the only bindings of the project; a ConfigError where there are several or none."""
    names = list(dict.fromkeys(name for part in config.parts for name in part.bindings))
    if len(names) == 1:
        return names[0]
    if names:
        raise ConfigError("these are several services", do=f"Name one: {', '.join(names)}.")
    raise ConfigError(
        "no bindings are configured",
        where=config.place,
        do="Say where the API is: a module such as bindings.pusher, a folder, a published version, ...",
    )


def _write(what: str, side: SpecSide, task: str | None, servers: tuple[str, ...]) -> Json:
    if what == "asyncapi":
        from taskcontract.export.asyncapi import write_asyncapi

        return write_asyncapi(side.spec, side.unknown, servers)
    from taskcontract.export.json_schema import bundle_schemas, write_task_schema

    if task is None:
        return bundle_schemas(side.spec, side.unknown)
    return write_task_schema(side.spec, _choose_task(side.spec, task), side.unknown)


def _choose_task(spec: ServiceSpec, wanted: str) -> TaskSpec:
    """Return the newest version of a task that `wanted` admits: a name on the wire too."""
    from taskcontract.model.version import newest_matching

    on_wire = spec.find(wanted)
    named = [task for task in spec.tasks if wanted in (task.name, task.id)]
    if named or on_wire is not None:
        return named[-1] if named else on_wire  # type: ignore[return-value]
    name, _, version = wanted.rpartition("@")
    versions = {task.version: task for task in spec.tasks if task.name == name and task.version}
    chosen = newest_matching(version, versions) if versions else None
    if chosen is None:
        from taskcontract.cli.usage_errors import suggest

        known = [task.id for task in spec.tasks]
        do = f"{suggest(wanted, known)}Its tasks: {', '.join(known) or 'none'}."
        raise ConfigError(f"{spec.name} has no task {wanted!r}", where="--task", do=do)
    return versions[chosen]


def _say_unresolved(side: SpecSide) -> None:
    from taskcontract.reporting.unresolved import say_unresolved

    sys.stderr.write(say_unresolved(side.side.origin, side.side.unresolved))
