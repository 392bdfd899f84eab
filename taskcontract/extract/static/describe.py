"""From a task that was found to its TaskSpec, or to what is not known of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.attributes import find_in_class
from taskcontract.extract.static.naming import name_task
from taskcontract.extract.static.options import options_of
from taskcontract.extract.static.signature import parameters_of, seen_function
from taskcontract.extract.static.values import (
    Class,
    Constant,
    External,
    Function,
    Instance,
    Mapped,
    TaskValue,
    Value,
    is_text,
    text_of,
)
from taskcontract.model.place import Place
from taskcontract.model.service import TaskSpec

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.reader import Reader
    from taskcontract.extract.static.recognise import Made

__all__ = ["Alias", "FoundTask", "describe"]


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task and where it is defined."""

    spec: TaskSpec
    place: Place
    target: Value


@dataclass(frozen=True, slots=True)
class Alias:
    """One more name of the task that is registered as `of`."""

    name: str
    of: str
    place: Place


def describe(reader: Reader, made: Made) -> FoundTask | Alias | Unresolved | None:
    """Return the task, or what is unknown of it; None for what is a wrapper's own text."""
    task = made.task
    target = task.target
    while isinstance(target, TaskValue):
        target = target.target
    if isinstance(target, Instance) and not isinstance(target.of, Class):
        # A function that code outside the tree wraps, as `transaction.atomic` does: most leave it as it is.
        target = next((each for each in target.passed.positional if isinstance(each, Function)), target)
    match target:
        case Function():
            return _describe_function(reader, target, task)
        case Class() | Instance(of=Class()):
            return _describe_class(reader, target, task)
        case Constant(value=str() as of):
            name = text_of(task.options.items.get("name"))
            return Alias(name, of, made.place) if name else None
        case _ if made.within:
            return None
        case _:
            return Unresolved(made.place, "a task is made of what only running the code tells")


def _describe_function(reader: Reader, target: Function, task: TaskValue) -> FoundTask | Unresolved | None:
    seen = seen_function(target)
    if seen.wraps is not None:
        return None  # looks like a parameter of the wrapper that it stands in
    node = seen.node
    place = Place(seen.scope.module.path, node.lineno)
    shown = target.name or seen.name or ("<lambda>" if isinstance(node, ast.Lambda) else node.name)
    name = name_task(task, seen.scope.module.name, shown, place)
    if isinstance(name, Unresolved):
        return name
    bound = _flag(task.options.items.get("bind"))
    owned = seen.owner is not None
    return _found(reader, name, target, task, place, int(bound) + int(owned), bound=bound)


def _describe_class(
    reader: Reader, target: Class | Instance, task: TaskValue
) -> FoundTask | Unresolved | None:
    evaluator = reader.evaluator
    of = target.of if isinstance(target, Instance) else target
    assert isinstance(of, Class)
    place = Place(of.scope.module.path, of.node.lineno)
    own = _class_name(evaluator, target, of)
    if "name" not in task.options.items and own is not None:
        if not is_text(own):
            said = f"is {own.path}, of another package" if isinstance(own, External) else "is computed"
            return Unresolved(place, f"the name of the task class {of.node.name} {said}")
        options = Mapped({**task.options.items, "name": own}, task.options.whole)
        task = replace(task, options=options)
    name = name_task(task, of.scope.module.name, of.node.name, place)
    if isinstance(name, Unresolved):
        return name
    run = find_in_class(evaluator, of, "run")
    if not isinstance(run, Function):
        return Unresolved(place, f"the class of the task {name} has its method run outside the project")
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in _decorators(run))
    base = Mapped({**task.options.items, "base": of}, task.options.whole)
    return _found(reader, name, run, TaskValue(of, base, task.app), place, 0 if static else 1, bound=False)


def _decorators(function: Function) -> list[ast.expr]:
    return [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list


def _class_name(evaluator: Evaluating, target: Class | Instance, of: Class) -> Value | None:
    """Return the name that a task class gives itself, or None."""
    for keyword in of.node.keywords:
        if keyword.arg == "name":
            return evaluator.evaluate(keyword.value, of.scope)
    if isinstance(target, Instance):
        value = target.attributes.get("name")
        if value is not None:
            return value
    found = find_in_class(evaluator, of, "name")
    inherited = isinstance(found, External) and found.member and found.path.endswith(".name")
    return None if inherited or found == Constant(None) else found


def _flag(value: Value | None) -> bool:
    return isinstance(value, Constant) and bool(value.value)


def _found(
    reader: Reader,
    name: str,
    run: Function,
    task: TaskValue,
    place: Place,
    skipped: int,
    *,
    bound: bool,
) -> FoundTask:
    delivery = options_of(reader.evaluator, task, name, reader.settings)
    seen = seen_function(run)
    node = seen.node
    text = None if isinstance(node, ast.Lambda) else ast.get_docstring(node)
    returns = None if isinstance(node, ast.Lambda) else node.returns
    spec = TaskSpec(
        name=name,
        version="",
        wire_name=name,
        parameters=parameters_of(reader, run, skipped, task.options.items.get("base") or reader.task_class),
        result=reader.annotations.schema(returns, seen.scope, "write"),
        queue=delivery.queue,
        serializer=delivery.serializer,
        bind=bound,
        enforced=False,
        options=delivery.options,
        description=(text or "").split("\n\n")[0],
    )
    return FoundTask(spec, place, task.target)
