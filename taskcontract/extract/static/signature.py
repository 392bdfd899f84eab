"""The parameters that callers of a task see, from its source."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.supplied import Supplied, find_supplied
from taskcontract.extract.static.values import Function
from taskcontract.model.service import MISSING, ParameterKind, ParameterSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["parameters_of", "seen_function"]

MOST_WRAPPERS = 50
"""Decorators around one function that are looked into."""


def seen_function(function: Function) -> Function:
    """Return the function whose name and signature `function` shows: what `functools.wraps` names."""
    for _ in range(MOST_WRAPPERS):
        if not isinstance(function.wraps, Function):
            return function
        function = function.wraps
    return function


def parameters_of(function: Function, skipped: int) -> tuple[ParameterSpec, ...]:
    """Return the parameters as `inspect.signature` shows them, without the first `skipped` positional ones.

    What a decorator gives is no caller's to give, and is left out; what it fills in where a caller does not
    give it is given by keyword, if at all.
    """
    seen = seen_function(function)
    supplied = _supplied_to(function)
    parameters = list(_parameters(seen.node.args))
    while skipped and parameters and parameters[0].kind.startswith("positional"):
        del parameters[0]
        skipped -= 1
    given = supplied.given | supplied.filled
    kept = [each for each in parameters if each.name not in given or each.kind.startswith("var-")]
    filled = [
        ParameterSpec(each.name, "keyword-only", each.schema, None if each.required else each.default)
        for each in parameters
        if each.name in supplied.filled and not each.kind.startswith("var-")
    ]
    place = len(kept) - bool(kept and kept[-1].kind == "var-keyword")
    return (*kept[:place], *filled, *kept[place:])


def _supplied_to(function: Function) -> Supplied:
    """Return what the wrappers around the function that `function` shows supply, all together."""
    supplied = Supplied()
    arguments = seen_function(function).node.args
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    for _ in range(MOST_WRAPPERS):
        inner = function.wraps
        if not isinstance(inner, Function):
            break
        left = [name for name in positional if name not in supplied.given]
        supplied |= find_supplied(function, inner, left)
        function = inner
    return supplied


def _parameters(arguments: ast.arguments) -> Iterator[ParameterSpec]:
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    for place, each in enumerate(positional):
        kind: ParameterKind = (
            "positional-only" if place < len(arguments.posonlyargs) else "positional-or-keyword"
        )
        yield _parameter(each, kind, arguments.defaults[place - without] if place >= without else None)
    if arguments.vararg is not None:
        yield _parameter(arguments.vararg, "var-positional", None)
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(each, "keyword-only", default)
    if arguments.kwarg is not None:
        yield _parameter(arguments.kwarg, "var-keyword", None)


def _parameter(argument: ast.arg, kind: ParameterKind, default: ast.expr | None) -> ParameterSpec:
    return ParameterSpec(argument.arg, kind, True, MISSING if default is None else _default(default))


def _default(expression: ast.expr) -> Json:
    """Return a default as JSON; the text of an expression where it is no literal."""
    try:
        value = ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ast.unparse(expression)
    return _json(value) if _is_json(value) else ast.unparse(expression)


def _is_json(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(each) for key, each in value.items())
    return value is None or isinstance(value, (bool, int, float, str))


def _json(value: object) -> Json:
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    return value
