"""The class of a project's tasks, and what its `__call__` gives them beside what a message has."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import bases_of
from taskcontract.extract.static.lookup import lookup_in_module
from taskcontract.extract.static.supplied import Supplied, find_passed
from taskcontract.extract.static.values import Class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Module
    from taskcontract.extract.static.values import Value

__all__ = ["NAMES_ONE", "find_given", "find_task_class"]

NAMES_ONE = re.compile(rb"task_cls\s*=|\.Task\s*=[^=]")
"""An app that gives its tasks a class of the project's."""


def find_task_class(evaluator: Evaluating, texts: Mapping[str, bytes]) -> Class | None:
    """Return the class that the project's apps make their tasks of; None if it has none, or several."""
    found: dict[ast.ClassDef, Class] = {}
    for path, text in texts.items():
        module = evaluator.index.open(path) if NAMES_ONE.search(text) else None
        for value in _named_in(evaluator, module) if module is not None else ():
            if isinstance(value, Class):
                found[value.node] = value
    return next(iter(found.values())) if len(found) == 1 else None


def _named_in(evaluator: Evaluating, module: Module) -> Iterator[Value | None]:
    """Yield what `Celery(task_cls=...)` and `app.Task = ...` name in `module`."""
    for node in ast.walk(module.tree):
        match node:
            case (
                ast.Assign(targets=[ast.Attribute(attr="Task")], value=value)
                | ast.keyword(arg="task_cls", value=value)
            ):
                pass
            case _:
                continue
        match value:
            case ast.Constant(value=str() as path):
                name, _, attribute = path.replace(":", ".").rpartition(".")
                home = evaluator.index.find(name, module)
                yield lookup_in_module(evaluator, home, attribute) if home is not None else None
            case _:
                yield evaluator.evaluate(value, module.scope)


def find_given(evaluator: Evaluating, task_class: Value | None, positional: list[str]) -> Supplied:
    """Return what tasks of `task_class` are given by its `__call__`, and those of its bases.

    `positional` are the names of the parameters that take a value by position.
    """
    given = Supplied()
    for each in bases_of(evaluator, task_class) if isinstance(task_class, Class) else ():
        method = _own_call(each) if isinstance(each, Class) else None
        if method is not None:
            left = [name for name in positional if name not in given.given]
            given |= find_passed(method, list(_passing(method)), left, counts_put=False)
    return given


def _own_call(of: Class) -> ast.FunctionDef | None:
    return next(
        (each for each in of.node.body if isinstance(each, ast.FunctionDef) and each.name == "__call__"), None
    )


def _passing(method: ast.FunctionDef) -> Iterator[ast.Call]:
    """Yield the calls in `method` that run the task: `super().__call__(...)`, `self.run(...)`."""
    for node in ast.walk(method):
        match node:
            case ast.Call(func=ast.Attribute(attr="__call__", value=ast.Call(func=ast.Name(id="super")))):
                yield node
            case ast.Call(func=ast.Attribute(attr="run", value=ast.Name(id="self"))):
                yield node
            case _:
                pass
