"""Walk a module for what makes tasks: decorated functions, calls, classes that are registered."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import scope_of_class
from taskcontract.extract.static.modules import Module, Scope, blocks_of
from taskcontract.extract.static.running import Run, follow
from taskcontract.extract.static.values import UNKNOWN, Class, Function, TaskValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.extract.static.evaluating import Evaluating

__all__ = ["MAKING", "find_made"]

MAKING = frozenset({"task", "shared_task", "periodic_task", "register_task", "register", "attach"})
"""Names of functions of Celery (and of venusian) whose call may make a task."""


def find_made(evaluator: Evaluating, module: Module, wrappers: frozenset[str]) -> Iterator[TaskValue]:
    """Yield every task that `module` makes; `wrappers` are names of the project's own makers."""
    yield from _Walk(evaluator, MAKING | wrappers).walk(module.tree.body, module.scope)


class _Walk:
    """Goes through the statements of a module, and those of its functions and classes."""

    def __init__(self, evaluator: Evaluating, making: frozenset[str]) -> None:
        self.evaluator = evaluator
        self.making = making

    def walk(self, body: Sequence[ast.stmt], scope: Scope) -> Iterator[TaskValue]:
        for statement in body:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield from self._function(statement, scope)
                case ast.ClassDef():
                    yield from self._class(statement, scope)
                case ast.Expr(value=value) | ast.Assign(value=value) | ast.Return(value=ast.expr() as value):
                    if self._is_making(value) or (
                        isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)
                    ):
                        yield from self._follow(statement, scope)
                case ast.For() if self._makes_within(statement):
                    yield from self._follow(statement, scope)
                case _:
                    for block in blocks_of(statement):
                        yield from self.walk(block, scope)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Iterator[TaskValue]:
        if node.decorator_list:
            self.evaluator.made.clear()
            self.evaluator.decorated(Function(node, scope), node, scope)
            yield from list(self.evaluator.made)
        inner = Scope(scope.module, node.body, scope)
        inner.values = dict.fromkeys(_parameters(node.args), UNKNOWN)
        yield from self.walk(node.body, inner)

    def _class(self, node: ast.ClassDef, scope: Scope) -> Iterator[TaskValue]:
        inner = scope_of_class(self.evaluator, node, scope)
        if node.decorator_list:
            self.evaluator.made.clear()
            self.evaluator.decorated(Class(node, scope, inner), node, scope)
            yield from list(self.evaluator.made)
        yield from self.walk(node.body, inner)

    def _follow(self, statement: ast.stmt, scope: Scope) -> Iterator[TaskValue]:
        self.evaluator.made.clear()
        copy = Scope(scope.module, scope.body, scope.parent, scope.is_class, dict(scope.values))
        follow(self.evaluator, [statement], copy, Run())
        yield from list(self.evaluator.made)

    def _is_making(self, value: ast.expr) -> bool:
        while isinstance(value, ast.Call):
            function = value.func
            if isinstance(function, ast.Name) and function.id in self.making:
                return True
            if isinstance(function, ast.Attribute):
                if function.attr in self.making:
                    return True
                function = function.value
            value = function
        return False

    def _makes_within(self, statement: ast.For) -> bool:
        return any(
            (isinstance(inner, ast.Call) and self._is_making(inner))
            or (isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner.decorator_list)
            or (isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Store))
            for inner in ast.walk(statement)
        )


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield each.arg
    for variadic in (arguments.vararg, arguments.kwarg):
        if variadic is not None:
            yield variadic.arg


def _registers(statement: ast.stmt) -> bool:
    """Return whether it is `<app>.tasks[...] = ...`."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=ast.Attribute(attr="tasks"))]):
            return True
        case _:
            return False
