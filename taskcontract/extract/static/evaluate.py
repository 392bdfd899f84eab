"""Evaluate expressions of a project's source without running them, across its modules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import get_attribute, get_item
from taskcontract.extract.static.invoke import decorate, invoke
from taskcontract.extract.static.known import is_maker
from taskcontract.extract.static.lookup import look_up
from taskcontract.extract.static.options import READ
from taskcontract.extract.static.texts import add, fill, subtract
from taskcontract.extract.static.values import (
    UNKNOWN,
    Constant,
    Function,
    Items,
    Mapped,
    Passed,
    TaskValue,
    Unknown,
    Value,
)
from taskcontract.extract.static.wrappers import is_worth_following

if TYPE_CHECKING:
    from taskcontract.extract.static.index import Index
    from taskcontract.extract.static.modules import Scope

__all__ = ["Evaluator"]

MOST_STEPS = 3_000
"""Steps that one question may take: code can loop, and nest without end."""
DEEPEST = 60


class Evaluator:
    """Answers what an expression stands for.

    `made` collects the tasks that came to be on the way, also those whose value was thrown away.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.made: list[TaskValue] = []
        self.pending: set[tuple[int, str, int]] = set()
        self.known: dict[tuple[Scope, str], Value] = {}
        self.class_scopes: dict[ast.ClassDef, Scope] = {}
        self._worth: dict[ast.AST, bool] = {}
        self.steps = 0
        self.depth = 0
        self.calls = 0

    def evaluate(self, expression: ast.expr, scope: Scope) -> Value:
        """Return what `expression` stands for in `scope`; UNKNOWN where only running it would tell."""
        self.steps += 1
        if self.steps > MOST_STEPS or self.depth > DEEPEST:
            return UNKNOWN
        self.depth += 1
        try:
            return self._evaluate(expression, scope)
        finally:
            self.depth -= 1
            if not self.depth:
                self.steps = 0

    def _evaluate(self, expression: ast.expr, scope: Scope) -> Value:
        match expression:
            case ast.Constant():
                return Constant(expression.value)
            case ast.Name(id=name):
                return look_up(self, name, scope)
            case ast.Attribute(value=of, attr=name):
                return get_attribute(self, self.evaluate(of, scope), name)
            case ast.Call():
                callee = self.evaluate(expression.func, scope)
                only = READ if is_maker(self, callee) else None
                return invoke(self, callee, self.arguments(expression, scope, only), scope)
            case ast.Subscript():
                whole = self.evaluate(expression.value, scope)
                return get_item(whole, self.evaluate(expression.slice, scope))
            case ast.Lambda():
                return Function(expression, scope)
            case ast.NamedExpr():
                return self.evaluate(expression.value, scope)
            case _:
                return self._put_together(expression, scope)

    def _put_together(self, expression: ast.expr, scope: Scope) -> Value:
        match expression:
            case ast.JoinedStr():
                return fill(self, expression, scope)
            case ast.BinOp():
                left = self.evaluate(expression.left, scope)
                return add(expression.op, left, self.evaluate(expression.right, scope))
            case ast.Dict():
                return self._mapped(expression, scope)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._items(expression, scope)
            case ast.IfExp():
                return self._first((expression.body, expression.orelse), scope)
            case ast.BoolOp(op=operator):
                either = expression.values if isinstance(operator, ast.Or) else expression.values[-1:]
                return self._first(either, scope)
            case ast.UnaryOp(op=ast.USub()):
                return subtract(self.evaluate(expression.operand, scope))
            case _:
                return UNKNOWN

    def is_worth_following(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
        """Return whether what a function gives may matter."""
        if node not in self._worth:
            self._worth[node] = is_worth_following(node)
        return self._worth[node]

    def arguments(self, call: ast.Call, scope: Scope, only: frozenset[str] | None = None) -> Passed:
        """Return what `call` passes; of its keywords, `only` those that matter are evaluated."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        whole = True
        for argument in call.args:
            if isinstance(argument, ast.Starred):
                spread = self.evaluate(argument.value, scope)
                if isinstance(spread, Items):
                    positional += spread.items
                else:
                    whole = False
            else:
                positional.append(self.evaluate(argument, scope))
        for keyword in call.keywords:
            if only is not None and keyword.arg is not None and keyword.arg not in only:
                keywords[keyword.arg] = UNKNOWN
                continue
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Mapped):
                keywords |= value.items
                whole = whole and value.whole
            else:
                whole = False
        return Passed(tuple(positional), keywords, whole, call)

    def decorated(
        self, value: Value, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope
    ) -> Value:
        """Return what the decorators of `node` make of `value`, the lowest first."""
        for decorator in reversed(node.decorator_list):
            value = decorate(self, self.evaluate(decorator, scope), value, scope)
        return value

    def _mapped(self, expression: ast.Dict, scope: Scope) -> Mapped:
        items: dict[str, Value] = {}
        whole = True
        for key, value in zip(expression.keys, expression.values, strict=True):
            evaluated = self.evaluate(value, scope)
            if key is None:
                if isinstance(evaluated, Mapped):
                    items |= evaluated.items
                whole = whole and isinstance(evaluated, Mapped) and evaluated.whole
                continue
            name = self.evaluate(key, scope)
            if isinstance(name, Constant) and isinstance(name.value, str):
                items[name.value] = evaluated
            else:
                whole = False
        return Mapped(items, whole)

    def _items(self, expression: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
        items: list[Value] = []
        for part in expression.elts:
            if isinstance(part, ast.Starred):
                spread = self.evaluate(part.value, scope)
                if not isinstance(spread, Items):
                    return UNKNOWN
                items += spread.items
            else:
                items.append(self.evaluate(part, scope))
        return Items(tuple(items))

    def _first(self, expressions: list[ast.expr] | tuple[ast.expr, ...], scope: Scope) -> Value:
        """Return the first value that is known and is not None, as either branch may be taken."""
        value: Value = UNKNOWN
        for expression in expressions:
            value = self.evaluate(expression, scope)
            if not isinstance(value, Unknown) and value != Constant(None):
                return value
        return value
