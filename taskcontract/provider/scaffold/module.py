"""The module that a skeleton is: what it imports, and by which names."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from taskcontract.declare.annotations import spell_task
from taskcontract.declare.imports import Imports, Origin, find_origins
from taskcontract.provider.scaffold.asking import spell_asked
from taskcontract.provider.scaffold.layout import LONGEST
from taskcontract.provider.scaffold.mapping import map_parameters
from taskcontract.provider.scaffold.names import Variables, names_in
from taskcontract.provider.scaffold.places import find_variable
from taskcontract.provider.versions import newer_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.task import Task

__all__ = ["AdaptersModule"]


class AdaptersModule:
    """The names in the module of the adapters that serve `old` by `new`, declared at `provider`."""

    def __init__(self, old: Task[..., Any], new: Task[..., Any], provider: Origin) -> None:
        self.old = old
        self.new = new
        stem = find_variable(old).attribute
        self.upcaster = f"upcast_{stem}"
        self.downcaster = f"downcast_{stem}"
        mappers = Variables((), "other")
        self.mappers = {error: mappers.add(f"map_{_snake(error)}_of_{stem}") for error in new.errors}
        own = {self.upcaster, self.downcaster, *self.mappers.values()}
        self._known = {name: Origin("", name) for name in (*own, *_find_hidden(old, new))}
        for error in (*old.errors, *new.errors):
            if error.__module__ == "builtins":
                self._known[error.__name__] = Origin("builtins", error.__name__)
        self.imports = Imports(self._known)
        self.provider = self.add(provider)
        self.old_name = self.add(find_variable(old))
        self.new_name = self.add(find_variable(new))
        self.before = spell_task(old, self.imports, defaults=True)
        self.after = spell_task(new, self.imports)

    def add(self, origin: Origin) -> str:
        """Import what `origin` gives; the name by which it goes here."""
        return self.imports.add(origin.attribute, origin)

    def add_class(self, kind: type[Any]) -> str:
        """The same for a class, which may stand in another one."""
        head, *rest = kind.__qualname__.split(".")
        return ".".join([self.add(Origin(kind.__module__, head)), *rest])

    @property
    def adapted(self) -> str:
        """What an up- or downcaster's decorator is given; a target that is not the next version is named."""
        following = newer_versions(self.old)[0]
        return self.old_name if following is self.new else f"{self.old_name}, to={self.new_name}"

    def names(self) -> set[str]:
        """What the module goes by already: its functions and all that it has imported so far."""
        imported = find_origins(ast.parse("\n".join(self.imports.write(LONGEST))), "", is_package=False)
        return {*imported, *self._known}


def _find_hidden(old: Task[..., Any], new: Task[..., Any]) -> Iterator[str]:
    """The parameters of the adapters that would hide an import which their bodies use."""
    yield from ("result", "error")
    elsewhere = Imports({})
    arguments = list(map_parameters(old, new, Variables((), "new")))
    types = spell_asked(old, new, spell_task(new, elsewhere), arguments, elsewhere)
    used = {find_variable(new).attribute}.union(*map(names_in, types.values()))
    for slot in old.binder.slots:
        # An import that gives way gets a number behind its name, which may be a parameter's again.
        if used & {slot.name, re.sub(r"_\d+$", "", slot.name)}:
            yield slot.name


def _snake(error: type[Exception]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", error.__name__).lower()
