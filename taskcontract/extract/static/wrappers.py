"""Names under which a project may make tasks: its own wrappers of Celery's decorators, told by their text."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskcontract.extract.static.modules import statements_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from taskcontract.extract.static.modules import Module

__all__ = ["MAKERS", "is_worth_following", "makers_in"]

MAKERS = frozenset({"task", "shared_task", "periodic_task", "register_task"})
"""What Celery calls its own."""
SHORT = 3
"""Statements of a function that only computes a value."""


def makers_in(module: Module, makers: Set[str]) -> Set[str]:
    """Return the names of `module` that, by their text, may make tasks as `makers` do; without those."""
    known = set(makers)
    pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in sorted(known)) + rb")\b")
    for statement in statements_in(module.tree.body):
        if isinstance(statement, ast.ImportFrom):
            known.update(each.asname for each in statement.names if each.asname and each.name in known)
        elif (name := _name(statement)) is not None and module.mentions(statement, pattern):
            known.update(_making(statement, name, known))
    return known - makers


def _making(statement: ast.stmt, name: str, makers: Set[str]) -> Iterator[str]:
    """Yield `name` if what it is bound to may make tasks, and the methods that do where it is a class."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if _takes_something(statement.args) and _uses_any(statement.body, makers):
                yield name
        case ast.ClassDef():
            methods = [each for each in statement.body if isinstance(each, ast.FunctionDef)]
            made = [each.name for each in methods if _uses_any(each.body, makers)]
            if made:
                yield name
            yield from (each for each in made if not each.startswith("__"))
        case ast.Assign(value=value):
            said = [value.func, *value.args[:1]] if isinstance(value, ast.Call) else [value]
            if any(is_maker_name(part, makers) for part in said):
                yield name
        case _:
            pass


def _name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


def _uses_any(body: Sequence[ast.stmt], makers: Set[str]) -> bool:
    return any(_uses(part, makers) for part in body)


def _uses(statement: ast.stmt, makers: Set[str]) -> bool:
    """Return whether a maker is called, returned or a decorator in `statement`."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=function) if is_maker_name(function, makers):
                return True
            case ast.Return(value=ast.expr() as value) if is_maker_name(value, makers):
                return True
            case ast.FunctionDef(decorator_list=decorators) if any(
                is_maker_name(d, makers) for d in decorators
            ):
                return True
            case _:
                pass
    return False


def is_maker_name(node: ast.expr, makers: Set[str]) -> bool:
    """Return whether `node` is one of the names `makers`, or an attribute that is called so."""
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
    return any(_uses(part, MAKERS) for part in node.body)
