"""`taskcontract generate`: the typed delegates beside a bindings module."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.cli.services import modules_argument, name_bindings, select_services, service_option
from taskcontract.errors import ConfigError
from taskcontract.reporting.escape import tame_line
from taskcontract.reporting.progress import show_progress
from taskcontract.reporting.written import Delegates, render_generate_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from taskcontract.declare.service import Service
    from taskcontract.model.config import Config

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract generate bindings.pusher             write bindings/delegates.py
  taskcontract generate bindings.pusher --check     in CI: is it up to date?
  taskcontract generate --check                     the same for all that is configured

Type checkers then know which arguments belong to which version:
  delegate_send_to_s3("items/1.json", body, meta, version="2")

exit codes: 0 written or up to date, 1 --check has found a stale file, 2 it could not be written.
"""


@command("generate", "Write the delegates of a bindings module, typed per version.", epilog=EPILOG)
@modules_argument()
@service_option()
@option(
    "-o",
    "--output",
    metavar="FILE",
    help="default: delegates.py beside MODULE, SERVICE_delegates.py where it holds several",
)
@option("--check", is_flag=True, help="write nothing; exit 1 if the file is stale")
@format_option("text", "json")
def run(
    modules: tuple[str, ...], services: tuple[str, ...], output: str | None, check: bool, form: str
) -> int:
    """Write the delegates of the modules; with `check` 1 if one of the files is stale."""
    config = read_project_config()
    parts = select_services(config, modules, services)
    names = list(dict.fromkeys(module for part in parts for module in name_bindings(part)))
    if output and len(names) > 1:
        raise ConfigError("these are several modules", do=f"With -o name one: {', '.join(names)}.")
    files: list[Delegates] = []
    with show_progress("writing delegates", len(names)) as work:
        for name in names:
            files += _generate(name, output, _list_configured(config), check=check)
            work.done += 1
    if form == "json":
        write_output(render_generate_json(files), None)
    else:
        sys.stderr.write("".join(map(_say, files)))
    return 1 if any(each.state == "stale" for each in files) else 0


def _list_configured(config: Config) -> set[str]:
    return {module.partition(":")[0] for part in config.parts for module in part.bindings}


def _say(file: Delegates) -> str:
    shown = tame_line(file.file)
    if file.state == "stale":
        return f"taskcontract: {shown} is stale\n  Run `{tame_line(file.command)}`.\n"
    return f"{shown}: {file.state}\n"


def _generate(
    name: str, output: str | None, configured: Collection[str], *, check: bool
) -> Iterator[Delegates]:
    """Write the delegates of one module; with `check`, only say whether they are up to date.

    Where other `configured` modules lie in the same folder, the file has the service's name in its own.
    """
    from taskcontract.extract.bindings import find_services, import_bindings, stand_in_for_delegates

    with stand_in_for_delegates(name):
        services = find_services(name)
    module = import_bindings(name.partition(":")[0])
    if output and len(services) > 1:
        raise ConfigError(
            f"{name} declares several services", do=f"With -o name one: {name}:{next(iter(services))}."
        )
    for variable, service in services.items():
        target = f"{module.__name__}:{variable}" if ":" in name else module.__name__
        command = f"taskcontract generate {target}{f' -o {output}' if output else ''}"
        path = Path(output or Path(module.__file__ or "").parent / "delegates.py")
        package = module.__name__.rpartition(".")[0]
        is_shared = any(each.rpartition(".")[0] == package for each in configured if each != module.__name__)
        if not output and (len(services) > 1 or (is_shared and not _was_written_by(command, path))):
            path = path.with_name(f"{service.name.replace('-', '_')}_delegates.py")
        yield _put(path, service, module.__name__, command, check=check)


def _was_written_by(command: str, path: Path) -> bool:
    return path.is_file() and f"`{command}`".encode() in path.read_bytes()


def _put(path: Path, service: Service, module: str, command: str, *, check: bool) -> Delegates:
    """Write the delegates of `service` to `path`; with `check`, only say whether they are up to date."""
    from taskcontract.codegen.delegates import write_delegates
    from taskcontract.model.files import write_file

    text = write_delegates(service, module, command=command)
    shown = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    present = path.read_bytes() if path.is_file() else None
    if check and present != text.encode():
        return Delegates(service.name, module, shown, "stale", command)
    if present is not None and not _was_written_by(command, path):
        raise ConfigError(
            f"this file was not written by `{command}`",
            where=shown,
            do="Move it away, or give another file with -o.",
        )
    is_written = not check and write_file(path, text)
    return Delegates(service.name, module, shown, "written" if is_written else "up to date", command)
