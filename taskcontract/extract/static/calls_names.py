"""What the expressions at a call site stand for: tasks, texts, functions of libraries, rows of a database."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.calls_models import find_model, find_own_model
from taskcontract.extract.static.modules import Scope
from taskcontract.extract.static.signature import seen_function
from taskcontract.extract.static.values import (
    UNKNOWN,
    Class,
    External,
    Function,
    Instance,
    TaskValue,
    Value,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskcontract.extract.static.evaluate import Evaluator

__all__ = ["ScopeNames", "node_of"]


class ScopeNames:
    """The names of one scope; `tasks` gives the registered name of each task by the node that defines it."""

    def __init__(
        self,
        evaluator: Evaluator,
        scope: Scope,
        tasks: Mapping[ast.AST, str],
        owner: Class | None = None,
        *,
        self_name: str = "",
        itself: tuple[str, str] = ("", ""),
    ) -> None:
        self._evaluator = evaluator
        self._scope = scope
        self._tasks = tasks
        self._owner = owner
        self._self = self_name
        """The first parameter of a method."""
        self._itself = itself
        """The first parameter of a bound task, or of a method of a task, and that task."""

    def task_of(self, node: ast.expr) -> str | None:
        """Return the registered name of the task that `node` is, or None."""
        if isinstance(node, ast.Name) and node.id == self._itself[0]:
            return self._itself[1]
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            name = text_of(self._evaluate(node.slice)) if node.value.attr == "tasks" else None
            return name if name in self._tasks.values() else None
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        defined = node_of(self._evaluate(node))
        return self._tasks.get(defined) if defined is not None else None

    def name_of(self, node: ast.expr) -> str:
        """Return the dotted name of what `node` is outside the project; empty where it is not that."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return ""
        value = self._evaluate(node)
        return value.path if isinstance(value, External) else ""

    def text_of(self, node: ast.expr) -> str | None:
        """Return the text that `node` is, or None."""
        return text_of(self._evaluate(node))

    def model_of(self, node: ast.expr) -> str | None:
        """Return the database model of which `node` is certainly an instance, or None."""
        if not isinstance(node, ast.Name):
            return None
        if node.id == self._self and self._owner is not None:
            return find_own_model(self._evaluator, self._owner)
        return find_model(self._evaluator, node.id, self._scope)

    def inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ScopeNames:
        """Return the names in the body of a function or a class."""
        if isinstance(node, ast.ClassDef):
            return self._inside_class(node)
        inner = Scope(self._scope.module, node.body, self._scope)
        positional = [*node.args.posonlyargs, *node.args.args]
        declared = [*positional, *node.args.kwonlyargs]
        declared += [each for each in (node.args.vararg, node.args.kwarg) if each is not None]
        unknown = [*(each.arg for each in declared), *_list_unsteady(inner)]
        inner.values = dict.fromkeys(unknown, UNKNOWN)
        owner = self._owner if self._scope.is_class else None
        first = positional[0].arg if positional else ""
        self_name, itself = "", self._itself
        if node in self._tasks and _is_bound(node):
            itself = (first, self._tasks[node])
        elif owner is not None and not _is_static(node):
            self_name = first
            itself = (first, self._tasks[owner.node]) if owner.node in self._tasks else ("", "")
        elif any(each.arg == self._itself[0] for each in declared):
            itself = ("", "")
        return ScopeNames(self._evaluator, inner, self._tasks, owner, self_name=self_name, itself=itself)

    def _inside_class(self, node: ast.ClassDef) -> ScopeNames:
        body = self._evaluator.class_scopes.setdefault(
            node, Scope(self._scope.module, node.body, self._scope, is_class=True)
        )
        return ScopeNames(self._evaluator, body, self._tasks, Class(node, self._scope, body))

    def _evaluate(self, node: ast.expr) -> Value:
        return self._evaluator.evaluate(node, self._scope)


def node_of(value: Value) -> ast.AST | None:
    """Return the node of the function or the class that a task runs, or None where `value` is not a task."""
    if not isinstance(value, TaskValue):
        value = value.of if isinstance(value, Instance) else value
        return value.node if isinstance(value, Class) else None
    while isinstance(value, TaskValue):
        value = value.target
    match value:
        case Function():
            return seen_function(value).node
        case Class(node=node) | Instance(of=Class(node=node)):
            return node
        case _:
            return None


def _is_bound(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a decorator says `bind=True`."""
    return any(
        keyword.arg == "bind" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
    )


def _is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id in ("staticmethod", "classmethod")
        for each in node.decorator_list
    )


def _list_unsteady(scope: Scope) -> Iterator[str]:
    """Yield the names that a function binds more than once, or to what only running tells."""
    for name, bindings in scope.names.items():
        if any(each != bindings[0] for each in bindings):
            yield name
    for statement in scope.body:
        for node in ast.walk(statement):
            match node:
                case ast.comprehension(target=target) | ast.NamedExpr(target=target):
                    yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
                case ast.AugAssign(target=ast.Name(id=name)) | ast.ExceptHandler(name=str() as name):
                    yield name
                case ast.For(target=target) | ast.AsyncFor(target=target):
                    yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
