"""Names under which a project may make tasks: its own wrappers of Celery's decorators, told by their text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.modules import statements_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.modules import Module

__all__ = ["is_worth_following", "makers_in"]

MAKERS = frozenset({"task", "shared_task", "periodic_task", "register_task"})
SHORT = 3
"""Statements of a function that only computes a value."""


def makers_in(module: Module) -> Iterator[str]:
    """Yield the functions, classes and other names of `module` whose text speaks of a maker of tasks."""
    known = set(MAKERS)
    for statement in statements_in(module.tree.body):
        if isinstance(statement, ast.ImportFrom):
            names = [each.asname for each in statement.names if each.asname and each.name in known]
        else:
            name = _name(statement)
            names = [name] if name is not None and _speaks_of(statement, known) else []
        yield from (name for name in names if name not in known)
        known.update(names)


def _name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


def _speaks_of(statement: ast.stmt, makers: set[str]) -> bool:
    """Return whether what `statement` binds may make a task of what it is handed."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _takes_something(statement.args) and any(_uses(part, makers) for part in statement.body)
        case ast.ClassDef():
            methods = (inner for inner in statement.body if isinstance(inner, ast.FunctionDef))
            return any(_uses(part, makers) for method in methods for part in method.body)
        case ast.Assign(value=ast.Call(func=function, args=arguments)):
            return any(_is_maker(part, makers) for part in (function, *arguments[:1]))
        case ast.Assign(value=value):
            return _is_maker(value, makers)
        case _:
            return False


def _uses(statement: ast.stmt, makers: set[str]) -> bool:
    """Return whether a maker is called, returned or a decorator in `statement`."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=function) if _is_maker(function, makers):
                return True
            case ast.Return(value=ast.expr() as value) if _is_maker(value, makers):
                return True
            case ast.FunctionDef(decorator_list=decorators) if any(_is_maker(d, makers) for d in decorators):
                return True
            case _:
                pass
    return False


def _is_maker(node: ast.expr, makers: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in makers
        case ast.Attribute(attr=name, value=of):
            return name in makers and not (isinstance(of, ast.Name) and of.id == "self" and name == "task")
        case _:
            return False


def _takes_something(arguments: ast.arguments) -> bool:
    return any(
        (arguments.posonlyargs, arguments.args, arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    )


def is_worth_following(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Return whether what a function gives can be a decorator, a name, or a choice between few of those."""
    if isinstance(node, ast.Lambda):
        return True
    if isinstance(node, ast.AsyncFunctionDef):
        return False
    if len(node.body) <= SHORT or any(
        isinstance(inner, ast.FunctionDef) for inner in statements_in(node.body)
    ):
        return True
    return any(_uses(part, set(MAKERS)) for part in node.body)
