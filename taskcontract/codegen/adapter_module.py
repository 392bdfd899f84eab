"""The module that a skeleton is: what it imports, by which names, and how a function of it is laid out."""

from __future__ import annotations

import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskcontract.codegen.formatting import FreshNames, lay_out, quote, write_docstring
from taskcontract.codegen.imports import Imports, Origin, find_name
from taskcontract.codegen.signatures import SourceSignature, find_origin, read_signature, write_annotation
from taskcontract.errors import ConfigError
from taskcontract.provider.versions import newer_versions

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from celery import Celery

    from taskcontract.codegen.mapping import Argument
    from taskcontract.declare.protocols import ServiceLike
    from taskcontract.declare.task import Task

__all__ = ["AdapterModule", "find_provider", "find_variable"]


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
        own = (self.upcaster, self.downcaster, *self.mappers.values(), "result", "error")
        self.imports = Imports({name: Origin("", name) for name in own})
        for error in (*old.errors, *new.errors):
            if error.__module__ == "builtins":  # keeps its name, whatever is imported
                self.imports.add(Origin("builtins", error.__name__))
        self.provider = self.imports.add(provider)
        self.old_name = self.imports.add(find_variable(old))

    # Read after what the upcaster's body uses has its names, which no parameter hides.

    @cached_property
    def old_signature(self) -> SourceSignature:
        """The old version's parameters, with their defaults, and its result."""
        return read_signature(self.old, self.imports, defaults=True)

    @cached_property
    def new_signature(self) -> SourceSignature:
        """The newer version's parameters and its result."""
        return read_signature(self.new, self.imports)

    def adapt(self, new_name: str) -> str:
        """Return what an up- or downcaster's decorator is given; another target than the next is named."""
        following = newer_versions(self.old)[0]
        return self.old_name if following is self.new else f"{self.old_name}, to={new_name}"

    def ask(
        self, arguments: Iterable[Argument], types: Mapping[str, Any], hidden: Container[str] = ()
    ) -> Iterator[str]:
        """Yield the lines that ask for each argument that does not map by itself; `types` are by argument."""
        for argument in arguments:
            if argument.question and argument.name:
                annotation = write_annotation(types[argument.name], self.imports, hidden)
                yield f"    {argument.value}: {annotation}"
            if argument.question:
                yield raise_question(argument.question)


def raise_question(question: str) -> str:
    """Return the statement that raises `question` until the reader replaces it by a decision."""
    return f"    raise NotImplementedError({quote(question)})"


def write_function(
    decorator: str, name: str, parameters: str, result: str, doc: str, body: Iterable[str]
) -> str:
    """Return the source of one adapter; its lines are broken where they are too long."""
    lines = map(lay_out, [f"def {name}({parameters}) -> {result}:", *body])
    return "\n".join([f"@{decorator}", next(lines), write_docstring(doc), *lines, ""])


def _snake(error: type[Exception]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", error.__name__).lower()


def find_provider(app: Celery, service: ServiceLike) -> Origin:
    """Return the variable that holds the provider of `service` in `app`; raise a ConfigError if none does."""
    from taskcontract.provider.provider import providers_of

    for provider in providers_of(app):
        for module in list(sys.modules) if provider.service.name == service.name else ():
            name = find_name(provider, module)
            if name is not None and not name.startswith("_"):
                return find_origin(module, name)
    raise ConfigError(
        f"the app {app.main!r} has no provider of {service.name!r}",
        do="Say where it will be: --provider pusher.tasks:provider",
    )


def find_variable(task: Task[..., object]) -> Origin:
    """Return the variable that holds `task` in the module that declares it."""
    module = task.function.__module__
    variable = find_name(task, module)
    if variable is None:
        raise ConfigError(f"no variable of {module} holds {task.id}", do="Declare it at the module's top.")
    return Origin(module, variable)
