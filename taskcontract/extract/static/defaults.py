"""The defaults of parameters as JSON: values where they are known, else the text of the expression."""

from __future__ import annotations

import ast
from math import isfinite
from typing import TYPE_CHECKING

from taskcontract.extract.static.values import Constant, Items, Mapped, Value
from taskcontract.model.expressions import write_expression

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Scope
    from taskcontract.model.canonical import Json

__all__ = ["default_of"]


class _Unknown(Exception):  # noqa: N818  # an answer, no error
    """A value that is not known."""


def default_of(evaluator: Evaluating, expression: ast.expr, scope: Scope) -> Json:
    """Return the JSON form of a default: `30` for `TIMEOUT`, a constant of the project."""
    try:
        return _json(evaluator.evaluate(expression, scope))
    except _Unknown:
        pass
    try:
        return _plain(ast.literal_eval(expression))
    except (_Unknown, ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return write_expression(ast.unparse(expression))


def _json(value: Value) -> Json:
    match value:
        case Constant(value=inner):
            return _plain(inner)
        case Items(items=items):
            return [_json(each) for each in items]
        case Mapped(items=members, whole=True):
            return {name: _json(each) for name, each in members.items()}
        case _:
            raise _Unknown


def _plain(value: object) -> Json:
    if isinstance(value, float) and not isfinite(value):
        raise _Unknown
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if _is_text(name)}
    raise _Unknown


def _is_text(name: object) -> bool:
    if isinstance(name, str):
        return True
    raise _Unknown
