"""Walk a module for what makes tasks: decorated functions, calls, classes that are registered."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.known import is_task_class, may_make, registers_itself
from taskcontract.extract.static.lookup import scope_of_class
from taskcontract.extract.static.modules import Scope, blocks_of, statements_in
from taskcontract.extract.static.running import Run, follow
from taskcontract.extract.static.values import UNKNOWN, Class, External, Function, Mapped, TaskValue
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Module

__all__ = ["MAKING", "Made", "find_made"]

MAKING = frozenset({"task", "shared_task", "periodic_task", "register_task", "register", "attach"})
"""Names of functions of Celery (and of venusian) whose call may make a task."""


@dataclass(frozen=True, slots=True)
class Made:
    """A task that a statement makes; `within` a function or a class.

    One that is not `registered` is a class that nothing seen so far registers.
    """

    task: TaskValue
    place: Place
    within: bool
    registered: bool = True


def find_made(evaluator: Evaluating, module: Module, wrappers: frozenset[str]) -> Iterator[Made | Unresolved]:
    """Yield every task that `module` makes, or may make; `wrappers` are names of the project's own makers."""
    yield from _Walk(evaluator, MAKING | wrappers).walk(module.tree.body, module.scope)


class _Walk:
    """Goes through the statements of a module, and those of its functions and classes."""

    def __init__(self, evaluator: Evaluating, making: frozenset[str]) -> None:
        self.evaluator = evaluator
        self.making = making

    def walk(self, body: Sequence[ast.stmt], scope: Scope) -> Iterator[Made | Unresolved]:
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

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
    ) -> Iterator[Made | Unresolved]:
        if self._is_made(node) and not _is_handed_out(node.name, scope):
            self.evaluator.made.clear()
            self.evaluator.decorated(Function(node, scope), node, scope)
            if not self.evaluator.made:
                yield from self._doubt(node, scope)
            yield from self._collect(node, scope)
        inner = Scope(scope.module, node.body, scope)
        inner.values = dict.fromkeys(_parameters(node.args), UNKNOWN)
        yield from self.walk(node.body, inner)

    def _doubt(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Iterator[Unresolved]:
        """Yield a function whose decorator has the name of one of Celery's, and is in no file of the tree."""
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            value = self.evaluator.evaluate(called, scope)
            if isinstance(value, External) and may_make(value):
                what = f"whether {value.path} makes a task of {node.name} is not known: it is not in the tree"
                yield Unresolved(Place(scope.module.path, node.lineno), what)

    def _class(self, node: ast.ClassDef, scope: Scope) -> Iterator[Made | Unresolved]:
        inner = scope_of_class(self.evaluator, node, scope)
        value = Class(node, scope, inner)
        if self._is_made(node):
            self.evaluator.made.clear()
            self.evaluator.decorated(value, node, scope)
            yield from self._collect(node, scope)
        if registers_itself(self.evaluator, value):
            yield Made(TaskValue(value, Mapped({})), Place(scope.module.path, node.lineno), within=False)
        elif (
            _has_name(node) and not value.body.names.get("abstract") and is_task_class(self.evaluator, value)
        ):
            place = Place(scope.module.path, node.lineno)
            yield Made(TaskValue(value, Mapped({})), place, within=False, registered=False)
        yield from self.walk(node.body, inner)

    def _follow(self, statement: ast.stmt, scope: Scope) -> Iterator[Made]:
        self.evaluator.made.clear()
        copy = Scope(scope.module, scope.body, scope.parent, scope.is_class, dict(scope.values))
        follow(self.evaluator, [statement], copy, Run())
        yield from self._collect(statement, scope)

    def _collect(self, statement: ast.stmt, scope: Scope) -> Iterator[Made]:
        place = Place(scope.module.path, statement.lineno)
        made = list(self.evaluator.made)
        self.evaluator.made.clear()
        yield from (Made(task, place, within=scope.parent is not None) for task in made)

    def _is_made(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
        """Return whether a decorator of `node` may make a task of it."""
        return any(self._is_making(each) for each in node.decorator_list)

    def _is_making(self, value: ast.expr) -> bool:
        """Return whether `value` is a maker by its name, or calls one, or calls what one gave."""
        while not isinstance(value, ast.Name):
            if isinstance(value, ast.Attribute):
                if value.attr in self.making:
                    return True
                value = value.value
            elif isinstance(value, ast.Call):
                value = value.func
            else:
                return False
        return value.id in self.making

    def _makes_within(self, statement: ast.For) -> bool:
        return any(
            (isinstance(inner, ast.Call) and self._is_making(inner))
            or (isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and self._is_made(inner))
            or (isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Store))
            for inner in ast.walk(statement)
        )


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield each.arg
    for variadic in (arguments.vararg, arguments.kwarg):
        if variadic is not None:
            yield variadic.arg


def _is_handed_out(name: str, scope: Scope) -> bool:
    """Return whether a function with parameters returns its `name`: only calls of it tell more."""
    return bool(scope.values) and any(
        isinstance(statement, ast.Return)
        and statement.value is not None
        and any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement.value))
        for statement in statements_in(scope.body)
    )


def _has_name(node: ast.ClassDef) -> bool:
    """Return whether a class gives its instances a name as tasks have one."""
    if any(keyword.arg == "name" for keyword in node.keywords):
        return True
    return any(
        isinstance(target, ast.Name) and target.id == "name"
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and not (isinstance(statement.value, ast.Constant) and statement.value.value is None)
        for target in statement.targets
    )
