"""Whether a test of a project's source holds, as far as that is known without running it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.values import (
    UNKNOWN,
    Class,
    Constant,
    Function,
    Items,
    Mapped,
    TaskMaker,
    TaskValue,
    Value,
)

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Scope

__all__ = ["truth"]


def truth(evaluator: Evaluating, test: ast.expr, scope: Scope) -> bool | None:
    """Return whether `test` holds, or None where that is not known."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = truth(evaluator, operand, scope)
            return None if inner is None else not inner
        case ast.BoolOp(op=operator, values=values):
            said = [truth(evaluator, each, scope) for each in values]
            decisive = isinstance(operator, ast.Or)
            if decisive in said:
                return decisive
            return None if None in said else not decisive
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compare(operator, evaluator.evaluate(left, scope), evaluator.evaluate(right, scope))
        case _:
            return _is_true(evaluator.evaluate(test, scope))


def _compare(operator: ast.cmpop, left: Value, right: Value) -> bool | None:
    if isinstance(operator, (ast.In, ast.NotIn)):
        if not isinstance(right, Mapped) or not isinstance(left, Constant):
            return None
        within = True if left.value in right.items else (False if right.whole else None)
        return within if within is None or isinstance(operator, ast.In) else not within
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _compare_constants(operator, left.value, right.value)
    if Constant(None) in (left, right) and UNKNOWN not in (left, right):
        return isinstance(operator, (ast.IsNot, ast.NotEq))
    return None


def _compare_constants(operator: ast.cmpop, left: Any, right: Any) -> bool | None:
    if isinstance(operator, (ast.Is, ast.Eq)):
        return bool(left == right)
    if isinstance(operator, (ast.IsNot, ast.NotEq)):
        return bool(left != right)
    if isinstance(left, int) and isinstance(right, int):
        orders = {ast.Gt: left > right, ast.Lt: left < right, ast.GtE: left >= right, ast.LtE: left <= right}
        return orders.get(type(operator))
    return None


def _is_true(value: Value) -> bool | None:
    match value:
        case Constant(value=inner):
            return bool(inner)
        case Items(items=items):
            return bool(items)
        case Mapped(items=items, whole=whole):
            return bool(items) if items or whole else None
        case Function() | Class() | TaskMaker() | TaskValue():
            return True
        case _:
            return None
