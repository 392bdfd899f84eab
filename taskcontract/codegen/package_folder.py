"""A written package on disk: whole, with the delegates of what it declares, or not at all."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from taskcontract.codegen.delegates import write_delegates
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.codegen.bindings_package import BindingsPackage
    from taskcontract.declare.service import Service
    from taskcontract.model.service import ServiceSpec

__all__ = ["create_package"]


def create_package(package: BindingsPackage, folder: Path) -> ServiceSpec:
    """Write `package` to `folder`, which is new, with its typed delegates; return the API that it declares.

    It is written aside, imported from there and then renamed. A ConfigError where the folder exists, or
    cannot be made.
    """
    if folder.exists():
        raise ConfigError(
            "this folder exists already",
            where=str(folder),
            do="Give another with -o: nothing is overwritten.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as aside:
            made = Path(aside, folder.name)
            spec = _fill(package, made)
            made.replace(folder)
    except OSError as error:
        raise ConfigError(
            f"the folder cannot be written: {error.strerror or error}",
            where=str(folder),
            do="Give another with -o.",
        ) from None
    return spec


def _fill(package: BindingsPackage, folder: Path) -> ServiceSpec:
    for name, text in package.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with _imported(package, folder) as service:
        delegates = write_delegates(
            service, package.module, command=f"taskcontract generate {package.module}"
        )
        (folder / package.module / "delegates.py").write_text(delegates, encoding="utf-8")
        return service.spec()


@contextmanager
def _imported(package: BindingsPackage, folder: Path) -> Iterator[Service]:
    """Import the package for as long as this lasts, as its callers will, and leave no trace of that."""
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    hidden = sys.modules.pop(package.module, None)
    sys.path.insert(0, str(folder.absolute()))
    try:
        yield getattr(importlib.import_module(package.module), package.variable)
    finally:
        sys.path.remove(str(folder.absolute()))
        sys.dont_write_bytecode = writes
        del sys.modules[package.module]
        if hidden is not None:
            sys.modules[package.module] = hidden
