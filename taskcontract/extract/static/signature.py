"""The parameters that callers of a task see, from its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.defaults import default_of
from taskcontract.extract.static.supplied import Supplied, find_supplied
from taskcontract.extract.static.task_classes import find_given
from taskcontract.extract.static.values import Function
from taskcontract.model.service import MISSING, ParameterKind, ParameterSpec

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from taskcontract.extract.static.modules import Scope
    from taskcontract.extract.static.reader import Reader
    from taskcontract.extract.static.values import Value

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


def parameters_of(
    reader: Reader, function: Function, skipped: int, task_class: Value | None = None
) -> tuple[ParameterSpec, ...]:
    """Return the parameters as `inspect.signature` shows them, without the first `skipped` positional ones.

    What a decorator gives, or the `__call__` of `task_class`, is no caller's to give, and is left out; what
    they fill in where a caller does not give it is given by keyword, if at all.
    """
    seen = seen_function(function)
    supplied = _supplied_to(function)
    left = [each.arg for each in (*seen.node.args.posonlyargs, *seen.node.args.args)][skipped:]
    supplied |= find_given(
        reader.evaluator, task_class, [name for name in left if name not in supplied.given]
    )
    parameters = [_parameter(reader, seen.scope, *each) for each in _parameters(seen.node.args)]
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


def _parameters(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ParameterKind, ast.expr | None]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    for place, each in enumerate(positional):
        kind: ParameterKind = (
            "positional-only" if place < len(arguments.posonlyargs) else "positional-or-keyword"
        )
        yield each, kind, arguments.defaults[place - without] if place >= without else None
    if arguments.vararg is not None:
        yield arguments.vararg, "var-positional", None
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield each, "keyword-only", default
    if arguments.kwarg is not None:
        yield arguments.kwarg, "var-keyword", None


def _parameter(
    reader: Reader, scope: Scope, argument: ast.arg, kind: ParameterKind, default: ast.expr | None
) -> ParameterSpec:
    value = MISSING if default is None else default_of(reader.evaluator, default, scope)
    schema = reader.annotations.schema(argument.annotation, scope, "read", nullable=value is None)
    return ParameterSpec(argument.arg, kind, schema, value)
