"""`taskcontract scaffold adapter`: the skeleton of an old version's adapters, and their test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_app, find_declared_services, find_declared_task
from taskcontract.cli.parser import Parser, read_project_config
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from taskcontract.codegen.imports import Origin
    from taskcontract.declare.task import Task
    from taskcontract.model.config import Config

__all__ = ["run"]

EPILOG = """\
What maps by itself is filled in. What you have to decide raises and says what: the test fails until
it is decided. Nothing is overwritten. A worker loads the adapters with Celery(..., include=["their.module"]).

example:
  taskcontract scaffold adapter send_to_s3@1 send_to_s3@2 -o pusher/adapters.py --test tests/test_adapters.py

exit codes: 0 it is written, 2 it could not be.
"""


def run(argv: Sequence[str]) -> int:
    """Write the adapters and the test that the arguments name, to stdout or to files."""
    parser = Parser("scaffold", "Write the skeleton of an adapter and its test.", epilog=EPILOG)
    parser.add_argument("what", choices=("adapter",), help="what to write")
    parser.add_argument("old", metavar="OLD", help="the version that is called: send_to_s3@1")
    parser.add_argument("new", metavar="NEW", help="the version that serves it: send_to_s3@2")
    parser.add_argument("-o", "--output", metavar="FILE", help="the adapters' file (default: the terminal)")
    parser.add_argument("--test", metavar="FILE", help="the test's file (default: the terminal)")
    parser.add_argument(
        "--bindings", action="append", default=[], metavar="MODULE", help="default: configured"
    )
    parser.add_argument("--app", metavar="APP", help="the Celery app of the provider (default: configured)")
    parser.add_argument("--provider", metavar="MODULE:NAME", help="the provider, where no app has it yet")
    parser.set_defaults(broker=None, backend=None)
    arguments = parser.parse_args(argv)
    config = read_project_config()
    services = find_declared_services(arguments.bindings, config)
    old, new = (find_declared_task(each, services) for each in (arguments.old, arguments.new))
    _refuse_other_than_newer(old, new)
    provider = _find_provider(arguments, config, old)

    from taskcontract.codegen.adapters import write_adapters, write_test

    adapters, test = write_adapters(old, new, provider), write_test(old, provider)
    gap = "\n\n" if arguments.output is None and arguments.test is None else ""
    _write([(arguments.output, adapters), (arguments.test, gap + test)])
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


def _find_provider(arguments: argparse.Namespace, config: Config, task: Task[..., object]) -> Origin:
    from taskcontract.codegen.imports import Origin

    if arguments.provider is None:
        from taskcontract.codegen.adapter_module import find_provider

        return find_provider(find_app(arguments, config), task.service)
    module, colon, name = arguments.provider.partition(":")
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ConfigError(f"--provider {arguments.provider!r}", do="Write it as pusher.tasks:provider.")
    return Origin(module, name)


def _write(written: list[tuple[str | None, str]]) -> None:
    """Write each text to its file; nothing where one of the files exists."""
    from taskcontract.model.files import create_file

    for file, _ in written:
        if file is not None and Path(file).exists():
            raise _taken(file)
    for file, text in written:
        if file is None:
            sys.stdout.write(text)
        elif not create_file(file, text):
            raise _taken(file)
        else:
            sys.stderr.write(f"{file}: written\n")


def _taken(file: str) -> ConfigError:
    return ConfigError("this file exists already", where=file, do="Give another one: nothing is overwritten.")
