"""The module that a skeleton is: what it imports, and by which names."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from taskcontract.codegen.formatting import FreshNames, names_in
from taskcontract.codegen.imports import Imports, Origin
from taskcontract.codegen.mapping import map_parameters
from taskcontract.codegen.signatures import find_origin, read_signature, write_annotation
from taskcontract.errors import ConfigError
from taskcontract.provider.versions import newer_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from celery import Celery

    from taskcontract.codegen.mapping import Argument
    from taskcontract.declare.protocols import ServiceLike
    from taskcontract.declare.task import Task

__all__ = ["AdapterModule", "annotate_questions", "find_provider", "find_variable"]


class AdapterModule:
    """The names in the module of the adapters that serve `old` by `new`, declared at `provider`."""

    def __init__(self, old: Task[..., Any], new: Task[..., Any], provider: Origin) -> None:
        self.old = old
        self.new = new
        stem = find_variable(old).attribute
        self.upcaster = f"upcast_{stem}"
        self.downcaster = f"downcast_{stem}"
        mappers = FreshNames((), "other")
        self.mappers = {error: mappers.add(f"map_{_snake(error)}_of_{stem}") for error in new.errors}
        own = {self.upcaster, self.downcaster, *self.mappers.values()}
        self._known = {name: Origin("", name) for name in (*own, *_find_shadowing(old, new))}
        for error in (*old.errors, *new.errors):
            if error.__module__ == "builtins":
                self._known[error.__name__] = Origin("builtins", error.__name__)
        self.imports = Imports(self._known)
        self.provider = self.add(provider)
        self.old_name = self.add(find_variable(old))
        self.new_name = self.add(find_variable(new))
        self.old_signature = read_signature(old, self.imports, defaults=True)
        self.new_signature = read_signature(new, self.imports)

    def add(self, origin: Origin) -> str:
        """Import what `origin` gives; the name by which it goes here."""
        return self.imports.add(origin.attribute, origin)

    def add_class(self, kind: type[Any]) -> str:
        """Return the same for a class, which may stand in another one."""
        head, *rest = kind.__qualname__.split(".")
        return ".".join([self.add(Origin(kind.__module__, head)), *rest])

    @property
    def adapted(self) -> str:
        """What an up- or downcaster's decorator is given; a target that is not the next version is named."""
        following = newer_versions(self.old)[0]
        return self.old_name if following is self.new else f"{self.old_name}, to={self.new_name}"


def _find_shadowing(old: Task[..., Any], new: Task[..., Any]) -> Iterator[str]:
    """Yield the parameters of the adapters that would hide an import which their bodies use."""
    yield from ("result", "error")
    types = annotate_questions(old, new, map_parameters(old, new, FreshNames((), "new")), Imports({}))
    used = {find_variable(new).attribute}.union(*map(names_in, types.values()))
    for slot in old.binder.slots:
        # An import that gives way gets a number behind its name, which may be a parameter's again.
        if used & {slot.name, re.sub(r"_\d+$", "", slot.name)}:
            yield slot.name


def _snake(error: type[Exception]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", error.__name__).lower()


def find_provider(app: Celery, service: ServiceLike) -> Origin:
    """Return the variable that holds the provider of `service` in `app`; raise a ConfigError if none does."""
    from taskcontract.provider.provider import providers_of

    for provider in providers_of(app):
        if provider.service.name == service.name:
            for name, module in list(sys.modules.items()):
                # None stands for a module that is not to be imported, and other objects for what they like.
                for variable, value in list(getattr(module, "__dict__", {}).items()):
                    if value is provider and not variable.startswith("_"):
                        return find_origin(name, variable)
    raise ConfigError(
        f"the app {app.main!r} has no provider of {service.name!r}",
        do="Say where it will be: --provider pusher.tasks:provider",
    )


def find_variable(task: Task[..., object]) -> Origin:
    """Return the variable that holds `task` in the module that declares it."""
    module = task.function.__module__
    for variable, value in vars(sys.modules[module]).items():
        if value is task:
            return Origin(module, variable)
    raise ConfigError(f"no variable of {module} holds {task.id}", do="Declare it at the module's top.")


def annotate_questions(
    old: Task[..., Any], new: Task[..., Any], arguments: Iterable[Argument], imports: Imports
) -> dict[str, str]:
    """Return the types of the asked `arguments` of `new`, by names that no parameter of `old` hides."""
    parameters = {slot.name for slot in old.binder.slots}
    types = {slot.name: slot.whole.annotation for slot in new.binder.slots}
    asked = (each.name for each in arguments if each.question and each.name)
    return {name: write_annotation(types[name], imports, parameters) for name in asked}
