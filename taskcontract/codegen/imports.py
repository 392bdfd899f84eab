"""The imports of a module that is written by us, and where another module's names come from."""

from __future__ import annotations

import ast
import sys
from importlib.util import resolve_name
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

__all__ = ["Imports", "Origin", "find_name", "find_origins"]


class Origin(NamedTuple):
    """What gives a name: `attribute` of `module`, or (empty) an import of the module itself, as `alias`."""

    module: str
    attribute: str = ""
    alias: str = ""


class Imports:
    """The names that a written module imports, each with its one origin; `known` it has without us."""

    def __init__(self, known: dict[str, Origin]) -> None:
        self._known = known
        self._names = dict(known)
        self._given: dict[tuple[str, Origin], str] = {}

    def add(self, origin: Origin, wanted: str = "", *, place: str = "", avoid: Container[str] = ()) -> str:
        """Return the name by which `origin` goes here: `wanted` (by default its own), or one like it.

        That is where another origin has the name, or it is one to `avoid`: a parameter where it is used.
        """
        wanted = wanted or origin.attribute
        if not origin.attribute and not origin.alias:  # `import a.b` shares the name a with `import a.c`
            self._names[origin.module] = origin
            return wanted
        given = self._given.get((wanted, origin))
        if given is not None and given not in avoid:
            return given
        names = chain((wanted,), (f"{wanted}_{number}" for number in count(2)))
        name = next(each for each in names if each not in avoid and self._names.get(each, origin) == origin)
        if name != wanted and not origin.attribute:
            raise DeclarationError(
                f"the generated module has another {wanted!r} already",
                where=place,
                do=f"Import {origin.module} by another name there.",
            )
        self._names[name] = origin
        self._given[wanted, origin] = name
        return name

    @property
    def names(self) -> set[str]:
        """The names that the module has so far: `import a.b` binds `a`."""
        return {name.partition(".")[0] for name in self._names}

    def write(self, longest: int) -> list[str]:
        """Return the import statements, sorted; a line longer than `longest` is broken."""
        modules: list[str] = []
        members: dict[str, list[str]] = {}
        for name, origin in self._names.items():
            if name in self._known or origin == ("builtins", name, ""):
                continue
            if origin.attribute:
                renamed = "" if name == origin.attribute else f" as {name}"
                members.setdefault(origin.module, []).append(f"{origin.attribute}{renamed}")
            else:
                modules.append(f"import {origin.module}{f' as {origin.alias}' if origin.alias else ''}")
        lines = sorted(modules)
        for module, names in sorted(members.items()):
            line = f"from {module} import {', '.join(sorted(names))}"
            broken = [f"from {module} import (", *(f"    {name}," for name in sorted(names)), ")"]
            lines += [line] if len(line) <= longest else broken
        return lines


def find_name(value: object, module: str) -> str | None:
    """Return the variable of `module` that holds `value`, rather a public one; None if none does."""
    # None stands for a module that is not to be imported, and other objects for what they like.
    variables = list(getattr(sys.modules.get(module), "__dict__", {}).items())
    held = [name for name, each in variables if each is value]
    return min(held, key=lambda name: name.startswith("_"), default=None)


def find_origins(tree: ast.Module, module: str, *, is_package: bool) -> dict[str, tuple[Origin, ...]]:
    """Return where each name that `module` binds at its top comes from; its own definitions from itself.

    Several origins are `import a.b` and `import a.c`: both bind `a`.
    """
    package = module if is_package else module.rpartition(".")[0]
    origins: dict[str, tuple[Origin, ...]] = {}
    for statement in _walk_top(tree.body):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                origin = Origin(alias.name, alias=alias.asname or "")
                origins[name] = (*origins.get(name, ()), origin)
        elif isinstance(statement, ast.ImportFrom):
            source = resolve_name("." * statement.level + (statement.module or ""), package)
            for alias in statement.names:
                origins[alias.asname or alias.name] = (Origin(source, alias.name),)
        else:
            origins.update((name, (Origin(module, name),)) for name in _bound_names(statement))
    return origins


def _walk_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield each statement that runs at import, inside `if TYPE_CHECKING:` and `try:` too."""
    for statement in body:
        yield statement
        if isinstance(statement, (ast.If, ast.Try)):
            yield from _walk_top(statement.body)
            yield from _walk_top(statement.orelse)
            for handler in getattr(statement, "handlers", ()):
                yield from _walk_top(handler.body)


def _bound_names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    named = [*targets, getattr(statement, "name", None)]  # `name` is that of a `type` statement
    return [target.id for target in named if isinstance(target, ast.Name)]
