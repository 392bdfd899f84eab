"""`taskcontract generate`: the typed delegates beside a bindings module."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import read_project_config
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.declare.service import Service

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract generate bindings.pusher             write bindings/delegates.py
  taskcontract generate bindings.pusher --check     in CI: is it up to date?

Type checkers then know which arguments belong to which version:
  delegate_send_to_s3("items/1.json", body, meta, version="2")
"""


@command("generate", "Write the delegates of a bindings module, typed per version.", epilog=EPILOG)
@argument(
    "name",
    metavar="MODULE",
    required=False,
    help="a bindings module: bindings.pusher (default: those configured)",
)
@option("-o", "--output", metavar="FILE", help="default: delegates.py beside MODULE")
@option("--check", is_flag=True, help="write nothing; exit 1 if the file is stale")
def run(name: str | None, output: str | None, check: bool) -> int:
    """Write the delegates of the module `name`, or of all configured; with `check` 1 if one is stale."""
    names: Sequence[str] = (name,) if name is not None else ()
    if not names:
        from taskcontract.cli.cluster import name_bindings

        names = name_bindings((), read_project_config())
    if output and len(names) > 1:
        raise ConfigError("several modules are configured", do=f"With -o name one: {', '.join(names)}.")
    fresh = [_generate(each, output, check=check) for each in names]
    return 0 if all(fresh) else 1


def _generate(name: str, output: str | None, *, check: bool) -> bool:
    """Write the delegates of one module; with `check`, only say whether they are up to date."""
    from taskcontract.extract.bindings import find_services, import_bindings, stand_in_for_delegates

    with stand_in_for_delegates(name):
        services = find_services(name)
    module = import_bindings(name.partition(":")[0])
    if output and len(services) > 1:
        raise ConfigError(
            f"{name} declares several services", do=f"With -o name one: {name}:{next(iter(services))}."
        )
    is_fresh = True
    for variable, service in services.items():
        target = f"{module.__name__}:{variable}" if ":" in name else module.__name__
        command = f"taskcontract generate {target}{f' -o {output}' if output else ''}"
        file = f"{service.name.replace('-', '_')}_delegates.py" if len(services) > 1 else "delegates.py"
        path = Path(output or Path(module.__file__ or "").parent / file)
        is_fresh &= _put(path, service, module.__name__, command, check=check)
    return is_fresh


def _put(path: Path, service: Service, module: str, command: str, *, check: bool) -> bool:
    """Write the delegates of `service` to `path`; with `check`, only say whether they are up to date."""
    from taskcontract.codegen.delegates import write_delegates
    from taskcontract.model.files import write_file

    text = write_delegates(service, module, command=command)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    present = path.read_bytes() if path.is_file() else None
    if check and present != text.encode():
        sys.stderr.write(f"taskcontract: {shown} is stale\n  Run `{command}`.\n")
        return False
    if present is not None and f"`{command}`".encode() not in present:
        raise ConfigError(
            f"this file was not written by `{command}`",
            where=str(shown),
            do="Move it away, or give another file with -o.",
        )
    sys.stderr.write(f"{shown}: {'written' if not check and write_file(path, text) else 'up to date'}\n")
    return True
