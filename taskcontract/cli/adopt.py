"""`taskcontract adopt`: bindings for tasks that exist, as a package to give to their callers."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.errors import ConfigError
from taskcontract.reporting.escape import tame_line
from taskcontract.reporting.progress import show_progress
from taskcontract.reporting.written import Adoption, render_adopt_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.codegen.bindings_package import BindingsPackage
    from taskcontract.extract.found import FoundProject
    from taskcontract.model.config import Config
    from taskcontract.model.service import TaskSpec

__all__ = ["run"]

EPILOG = """\
TASK is a registered name, its end (`send_invoice`, `tasks.send_invoice`) or a pattern (`shop.mail.*`);
without one, all tasks are taken. The tasks keep their names, so that no message changes.

examples:
  taskcontract adopt send_invoice --queue shop        from the working folder, to shop-bindings/
  taskcontract adopt 'shop.mail.*' --service mail     to mail-bindings/
  taskcontract adopt --source app:shop.celery:app     what the app itself says, by importing it
  taskcontract adopt --source observed.json           what `taskcontract observe --export` wrote

exit codes: 0 written, 2 it could not be.
"""


@command("adopt", "Write bindings for tasks that exist.", epilog=EPILOG)
@argument("tasks", metavar="[TASK]...", nargs=-1, help="which (default: all)")
@option("--source", metavar="SOURCE", default="./", help="where they are: see `diff --help` (default: here)")
@option("--service", metavar="NAME", help="the service's name (default: what the tasks' names begin with)")
@option("--queue", metavar="NAME", help="the queue of tasks whose source names none (default: Celery's)")
@option("-o", "--output", metavar="FOLDER", help="where to write the package (default: NAME-bindings)")
@format_option("text", "json")
def run(
    tasks: tuple[str, ...],
    source: str,
    service: str | None,
    queue: str | None,
    output: str | None,
    form: str,
) -> int:
    """Write the package and publish its first version; 0."""
    config = read_project_config()
    with show_progress(f"reading {source}"):
        found = _read(source, config)
    chosen = _choose(found.spec.tasks, tasks, source)
    chosen = [replace(task, queue=task.queue or queue) for task in chosen]
    package = _write_package(service or _name(chosen), chosen)
    folder = Path(output or f"{package.service}-bindings")

    from taskcontract.codegen.package_folder import create_package
    from taskcontract.registry.local import LocalRegistry

    registry = LocalRegistry(*config.folders)
    if registry.versions(package.service):
        raise ConfigError(
            f"{package.service} is published already",
            where=str(registry.path(package.service, registry.versions(package.service)[-1])),
            do="Add to its bindings, or give other tasks a service of their own with --service.",
        )
    file, _ = registry.publish(create_package(package, folder))
    adoption = Adoption(
        package.service, package.module, str(folder), str(file), package.functions, package.notes
    )
    if form == "json":
        write_output(render_adopt_json(adoption), None)
    else:
        sys.stderr.write("".join(f"{line}\n" for line in _say(adoption, package.variable)))
    return 0


def _read(source: str, config: Config) -> FoundProject:
    from taskcontract.cli.source_kinds import SourceReader

    if source.endswith(".json"):
        from taskcontract.extract.found import FoundProject
        from taskcontract.model.spec_file import load_spec

        return FoundProject(load_spec(source), {}, ())
    reader = SourceReader(config)
    found = reader.find(source) or reader.find_word(source)
    if found is None:
        reader.refuse_word(source)
        raise ConfigError(
            f"{source} is no source of plain tasks", do="Name a folder, a commit or app:MODULE:NAME."
        )
    return found


def _choose(tasks: Sequence[TaskSpec], wanted: Sequence[str], source: str) -> list[TaskSpec]:
    """Return the tasks that `wanted` names, all without one; a ConfigError where a name fits none."""
    if not tasks:
        raise ConfigError("there is no task to adopt", where=source, do="Name another --source.")
    chosen: dict[str, TaskSpec] = {}
    for text in wanted:
        is_pattern = any(letter in text for letter in "*?[")
        found = [task for task in tasks if fnmatchcase(task.name, text)]
        if not found and not is_pattern:
            found = [task for task in tasks if task.name.endswith(f".{text}")]
        if not found:
            raise _refuse_unknown(text, [task.name for task in tasks], source)
        if len(found) > 1 and not is_pattern:
            names = ", ".join(task.name for task in found)
            raise ConfigError(f"several tasks end with {text}", where=source, do=f"Name one: {names}.")
        chosen |= {task.name: task for task in found}
    return list(chosen.values()) or list(tasks)


def _refuse_unknown(text: str, names: list[str], source: str) -> ConfigError:
    from difflib import get_close_matches

    by_end = {name.rpartition(".")[2]: name for name in names} | {name: name for name in names}
    near = [by_end[each] for each in get_close_matches(text, list(by_end), n=1)]
    meant = f"Did you mean {near[0]}?" if near else f"There are {len(names)}, such as {names[0]}."
    return ConfigError(f"no task is called {text!r}", where=source, do=meant)


def _name(tasks: Sequence[TaskSpec]) -> str:
    """Return what the names of most of the tasks begin with, as a service may have it."""
    tops = [task.name.partition(".")[0] for task in tasks]
    return re.sub(r"[^A-Za-z0-9_-]+", "-", max(tops, key=tops.count)).strip("-_0123456789") or "tasks"


def _write_package(service: str, tasks: Sequence[TaskSpec]) -> BindingsPackage:
    from taskcontract.codegen.bindings_package import write_package

    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", service):
        raise ConfigError(f"--service {service!r}", do="Use letters, digits, - and _, a letter first.")
    return write_package(service, tasks)


def _say(adoption: Adoption, variable: str) -> Iterator[str]:
    """Yield what was written, what is left to decide, and what comes next."""
    folder, many = tame_line(adoption.folder), len(adoption.functions)
    published = f"published as {tame_line(adoption.spec)}"
    yield f"{many} task{'' if many == 1 else 's'} adopted: {folder}, {published}"
    yield from (f"  note: {tame_line(note)}" for note in adoption.notes)
    task, function = next(iter(adoption.functions.items()))
    yield f"\nInstall it (`pip install -e {folder}`), and let the worker serve it, below its tasks:"
    yield f"  import {adoption.module}"
    yield "  from taskcontract import Provider"
    yield f"  provider = Provider(app, {adoption.module}.{variable})"
    yield f"  provider.implements({adoption.module}.{function})({task.rpartition('.')[2]})"
