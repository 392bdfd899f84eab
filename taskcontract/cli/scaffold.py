"""`taskcontract scaffold adapter`: the skeleton of an old version's adapters, and their test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskcontract.cli.cluster import find_app, find_declared_services, find_declared_task
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import app_option, bindings_option, format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.cli.services import select_services, service_option
from taskcontract.errors import ConfigError
from taskcontract.reporting.written import Skeleton, render_scaffold_json

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.codegen.imports import Origin
    from taskcontract.declare.task import Task

__all__ = ["run"]

EPILOG = """\
What maps by itself is filled in. What you have to decide raises and says what: the test fails until
it is decided. Nothing is overwritten. A worker loads the adapters with Celery(..., include=["their.module"]).

example:
  taskcontract scaffold adapter send_to_s3@1 send_to_s3@2 -o pusher/adapters.py --test tests/test_adapters.py

exit codes: 0 it is written, 2 it could not be.
"""


@command("scaffold", "Write the skeleton of an adapter and its test.", epilog=EPILOG)
@argument("what", type=click.Choice(["adapter"]), expose_value=False, help="what to write")
@argument("old", metavar="OLD", help="the version that is called: send_to_s3@1")
@argument("new", metavar="NEW", help="the version that serves it: send_to_s3@2")
@option("-o", "--output", metavar="FILE", help="the adapters' file (default: the terminal)")
@option("--test", metavar="FILE", help="the test's file (default: the terminal)")
@bindings_option()
@service_option()
@app_option("the Celery app of the provider (default: configured)")
@option("--provider", metavar="MODULE:NAME", help="the provider, where no app has it yet")
@format_option("text", "json")
def run(
    old: str,
    new: str,
    output: str | None,
    test: str | None,
    bindings: tuple[str, ...],
    services: tuple[str, ...],
    app: str | Celery | None,
    provider: str | None,
    form: str,
) -> int:
    """Write the adapters from `old` to `new` and their test, to stdout or to files."""
    parts = select_services(read_project_config(), bindings, services)
    owners = {service: part for part in parts for service in find_declared_services(part)}
    called, serving = (find_declared_task(each, list(owners)) for each in (old, new))
    _refuse_other_than_newer(called, serving)
    config = next(part for service, part in owners.items() if service is called.service)
    origin = _read_origin(provider) if provider is not None else _find_provider(find_app(config, app), called)

    from taskcontract.codegen.adapters import write_adapters, write_test

    files = [
        Skeleton("adapters", output, write_adapters(called, serving, origin)),
        Skeleton("test", test, write_test(called, origin)),
    ]
    _write_files(files)
    if form == "json":
        write_output(render_scaffold_json(files), None)
        return 0
    write_output(
        ("\n\n" if output is None and test is None else "").join(
            each.text for each in files if each.file is None
        ),
        None,
    )
    sys.stderr.write("".join(f"{each.file}: written\n" for each in files if each.file is not None))
    return 0


def _refuse_other_than_newer(old: Task[..., object], new: Task[..., object]) -> None:
    from taskcontract.model.version import parse_version

    if old.service is not new.service or old.name != new.name:
        raise ConfigError(f"{old.id} and {new.id} are two tasks", do="Name two versions of one task.")
    if parse_version(old.version) >= parse_version(new.version):
        raise ConfigError(
            f"{new.id} is not newer than {old.id}",
            do="Name the old version first, then the one that serves it.",
        )


def _find_provider(app: Celery, task: Task[..., object]) -> Origin:
    from taskcontract.codegen.adapter_module import find_provider

    return find_provider(app, task.service)


def _read_origin(provider: str) -> Origin:
    from taskcontract.codegen.imports import Origin

    module, colon, name = provider.partition(":")
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ConfigError(f"--provider {provider!r}", do="Write it as pusher.tasks:provider.")
    return Origin(module, name)


def _write_files(files: list[Skeleton]) -> None:
    """Write each text that has a file; nothing where one of the files exists."""
    from taskcontract.model.files import create_file

    for each in files:
        if each.file is not None and Path(each.file).exists():
            raise _taken(each.file)
    for each in files:
        if each.file is not None and not create_file(each.file, each.text):
            raise _taken(each.file)


def _taken(file: str) -> ConfigError:
    return ConfigError("this file exists already", where=file, do="Give another one: nothing is overwritten.")
