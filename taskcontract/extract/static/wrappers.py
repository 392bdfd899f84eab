"""Names under which a project may make tasks: its own wrappers of Celery's decorators, told by their text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.extract.static.modules import statements_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from taskcontract.extract.static.modules import Module

__all__ = ["MAKERS", "Offer", "is_worth_following", "offers_in"]

MAKERS = frozenset({"task", "shared_task", "periodic_task", "register_task"})
"""What Celery calls its own."""
SHORT = 3
"""Statements of a function that only computes a value."""


class Offer(NamedTuple):
    """A name that a module binds, and the names of which one has to make tasks for it to make some too."""

    name: str
    uses: Set[str]


def offers_in(module: Module) -> Iterator[Offer]:
    """Yield what, by the module's text, may make tasks if something else does."""
    for statement in statements_in(module.tree.body):
        match statement:
            case ast.ImportFrom(names=names):
                yield from (Offer(each.asname, {each.name}) for each in names if each.asname)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if _takes_something(statement.args):
                    yield Offer(name, _used_in(statement.body))
            case ast.ClassDef(name=name):
                for method in statement.body:
                    if isinstance(method, ast.FunctionDef):
                        used = _used_in(method.body)
                        yield Offer(name, used)
                        if not method.name.startswith("__"):
                            yield Offer(method.name, used)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                said = [value.func, *value.args[:1]] if isinstance(value, ast.Call) else [value]
                yield Offer(name, {_maker_name(part) for part in said} - {""})
            case _:
                pass


def _used_in(body: Sequence[ast.stmt]) -> set[str]:
    """Return the names of what is called, returned or a decorator in `body`."""
    used: set[str] = set()
    for statement in body:
        for node in ast.walk(statement):
            match node:
                case ast.Call(func=function):
                    used.add(_maker_name(function))
                case ast.Return(value=ast.expr() as value):
                    used.add(_maker_name(value))
                case ast.FunctionDef(decorator_list=decorators):
                    used.update(map(_maker_name, decorators))
                case _:
                    pass
    used.discard("")
    return used


def _maker_name(node: ast.expr) -> str:
    """Return the name that `node` is, or the attribute's; "" for anything else, and for `self.task`."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name, value=of):
            return "" if isinstance(of, ast.Name) and of.id == "self" and name == "task" else name
        case _:
            return ""


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
    return not MAKERS.isdisjoint(_used_in(node.body))
