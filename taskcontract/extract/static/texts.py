"""Texts that are put together from known parts: f-strings, `+`, `%`, merged dicts and lists."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskcontract.extract.static.values import UNKNOWN, Constant, Items, Mapped, Value

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Scope

__all__ = ["add", "fill", "join", "subtract"]

WIDE = re.compile(r"%(?![sdr%])")
"""A format with a width could ask for a text of any length."""


def fill(evaluator: Evaluating, text: ast.JoinedStr, scope: Scope) -> Value:
    """Return the text of an f-string whose parts are all known, without conversions or formats."""
    parts: list[str] = []
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            if part.format_spec is not None or part.conversion != -1:
                return UNKNOWN
            value = evaluator.evaluate(part.value, scope)
        else:
            value = evaluator.evaluate(part, scope)
        if not isinstance(value, Constant):
            return UNKNOWN
        parts.append(str(value.value))
    return Constant("".join(parts))


def add(operator: ast.operator, left: Value, right: Value) -> Value:
    """Return `left <operator> right` for texts, numbers, lists and dicts."""
    match operator, left, right:
        case ast.Add(), Items(), Items():
            return Items(left.items + right.items)
        case ast.BitOr(), Mapped(), Mapped():
            return Mapped({**left.items, **right.items}, left.whole and right.whole)
        case ast.Mod(), Constant(value=str() as text), Constant() | Items():
            return _format(text, right)
        case _, Constant(), Constant():
            return _calculate(operator, left.value, right.value)
        case _:
            return UNKNOWN


def subtract(value: Value) -> Value:
    """Return `-value`."""
    number = value.value if isinstance(value, Constant) else None
    return Constant(-number) if isinstance(number, (int, float)) else UNKNOWN


def join(separator: str, parts: Value) -> Value:
    """Return `separator.join(parts)`."""
    if not isinstance(parts, Items):
        return UNKNOWN
    texts = [part.value for part in parts.items if isinstance(part, Constant) and isinstance(part.value, str)]
    return Constant(separator.join(texts)) if len(texts) == len(parts.items) else UNKNOWN


def _format(text: str, right: Constant | Items) -> Value:
    parts = right.items if isinstance(right, Items) else (right,)
    values = tuple(part.value for part in parts if isinstance(part, Constant))
    if len(values) < len(parts) or WIDE.search(text):
        return UNKNOWN
    try:
        return Constant(text % values)
    except (TypeError, ValueError):
        return UNKNOWN


def _calculate(operator: ast.operator, left: object, right: object) -> Value:
    if isinstance(left, str) and isinstance(right, str) and isinstance(operator, ast.Add):
        return Constant(left + right)
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        return UNKNOWN
    match operator:
        case ast.Add():
            return Constant(left + right)
        case ast.Sub():
            return Constant(left - right)
        case ast.Mult() if abs(left) < 1e12 and abs(right) < 1e12:
            return Constant(left * right)
        case _:
            return UNKNOWN
