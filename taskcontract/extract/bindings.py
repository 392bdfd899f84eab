"""The services that a bindings module declares, found by importing it."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError, TaskContractError
from taskcontract.extract.import_failure import find_place, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from taskcontract.declare.service import Service

__all__ = ["find_service", "find_services", "import_bindings", "stand_in_for_delegates"]


def find_service(name: str) -> Service:
    """Return the one service of the module `name`, or the one that `module:variable` names."""
    services = find_services(name)
    if len(services) > 1:
        choices = ", ".join(f"{name}:{variable}" for variable in services)
        raise DeclarationError(f"{name} declares several services", do=f"Say which: {choices}.")
    return next(iter(services.values()))


def find_services(name: str) -> dict[str, Service]:
    """Return the services of the module `name` by the variable that holds them; never none.

    `name` is a module (`bindings.pusher`), a file (`bindings/pusher.py`) or `module:variable`.
    """
    module_name, _, variable = name.partition(":")
    module = import_bindings(module_name)
    from taskcontract.declare.service import Service

    services: dict[str, Service] = {}
    for key, value in vars(module).items():
        if isinstance(value, Service) and value not in services.values():
            services[key] = value
    if variable:
        services = {key: value for key, value in services.items() if key == variable}
    if not services:
        raise DeclarationError(
            f"{module_name} holds no service{f' named {variable}' if variable else ''}",
            where=getattr(module, "__file__", None) or "",
            do='Declare one: `pusher = Service("pusher")`; or name the module that does.',
        )
    return services


def import_bindings(name: str) -> ModuleType:
    """Return the module `name` (or the file of that path), imported with the working directory on the path.

    Whatever the module raises is a DeclarationError that names its file and line. What it prints
    goes to stderr: stdout is the command's.
    """
    asked = name
    root, name = _locate(name)
    if not all(map(str.isidentifier, name.split("."))):
        raise DeclarationError(f"{name!r} is not a module's name", do="Write it as in an import statement.")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        with redirect_stdout(sys.stderr):
            module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise _failure(name, error) from None
        raise DeclarationError(
            f"there is no module {name!r}", do=f"It is looked for in {root} and among what is installed."
        ) from None
    except TaskContractError:
        raise
    except (Exception, SystemExit) as error:
        raise _failure(name, error) from None
    if asked.endswith(".py"):
        _refuse_another(module, Path(asked).absolute())
    return module


def _refuse_another(module: ModuleType, asked: Path) -> None:
    """Raise a DeclarationError where Python has another file under the name of the module that is `asked`."""
    found = getattr(module, "__file__", None)
    if found is None or not asked.samefile(found):
        raise DeclarationError(
            f"the module {module.__name__} is another file in this process: {found or 'Python itself'}",
            where=str(asked),
            do="Give one of the files another name, or write its API down first: "
            f"taskcontract snapshot {asked.name} -o old.json.",
        )


@contextmanager
def stand_in_for_delegates(name: str) -> Iterator[None]:
    """Meanwhile, generated delegates beside the bindings `name` import as a module that has every name.

    So that a package that imports its delegates can be read in order to write them the first time.
    """
    module = _locate(name.partition(":")[0])[1]
    finder = _StandInFinder({module, module.rpartition(".")[0]})
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for made in finder.made:
            sys.modules.pop(made, None)


class _StandInFinder(MetaPathFinder, Loader):
    """Imports `delegates` and `*_delegates` in one of `packages` as stand-ins, never from their files."""

    def __init__(self, packages: set[str]) -> None:
        self.packages = packages
        self.made: list[str] = []

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        package, _, name = fullname.rpartition(".")
        if package not in self.packages or not f"_{name}".endswith("_delegates"):
            return None
        self.made.append(fullname)
        return ModuleSpec(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(__all__=[], __getattr__=lambda name: _stand_in)


def _stand_in(*args: object, **kwargs: object) -> None:
    """Stand for a delegate while its module is being written."""


def _locate(name: str) -> tuple[Path, str]:
    """Return the folder that a module, or the file of one, is imported from, and its dotted name there."""
    if not name.endswith(".py"):
        return Path.cwd(), name
    path = Path(name).absolute()
    if not path.is_file():
        raise DeclarationError("there is no such file", where=str(path), do="Check the path.")
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


def _failure(name: str, error: BaseException) -> DeclarationError:
    """Return what importing `name` died of, at the innermost line that is the project's own."""
    return DeclarationError(
        f"{name} cannot be imported: {say(error)}",
        where=find_place(error) or name,
        do=f"Correct that line; `python -c 'import {name}'` shows the whole story.",
    )
