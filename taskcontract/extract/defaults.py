"""The default of a parameter as a spec has it: its JSON value, or the expression itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.model.expressions import write_expression

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["read_default", "read_value"]


def read_default(expression: ast.expr) -> Json:
    """Return a default from its source: JSON where it is a literal, else the expression."""
    try:
        value = ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return write_expression(ast.unparse(expression))
    return _json(value) if _is_json(value) else write_expression(ast.unparse(expression))


def read_value(value: object) -> Json:
    """Return a value as JSON; as an expression, its `repr`, where it has no such form."""
    return _json(value) if _is_json(value) else write_expression(repr(value))


def _is_json(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(each) for key, each in value.items())
    if isinstance(value, float):
        return value - value == 0  # neither an infinity nor NaN
    return value is None or type(value) in (bool, int, str)


def _json(value: object) -> Json:
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    return value
