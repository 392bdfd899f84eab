"""What a decorator's wrapper gives the function that it wraps, so that callers of a task need not."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.modules import Scope
    from taskcontract.extract.static.values import Function, Value

__all__ = ["Supplied", "find_passed", "find_supplied"]


@dataclass(frozen=True, slots=True)
class Supplied:
    """Parameters by name: `given` ones are not a caller's to give, `filled` ones may be left out by it."""

    given: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()

    def __or__(self, other: Supplied) -> Supplied:
        return Supplied(self.given | other.given, self.filled | other.filled)


def find_supplied(outer: Function, inner: Function, positional: list[str]) -> Supplied:
    """Return what `outer` passes to `inner`, which it wraps, beside what it was called with.

    `positional` are the names of the parameters of `inner` that take a value by position.
    """
    return find_passed(outer.node, list(_calls(outer, inner)), positional)


def find_passed(
    outer: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    calls: list[ast.Call],
    positional: list[str],
    *,
    counts_put: bool = True,
) -> Supplied:
    """Return what all the `calls` in `outer` pass beside what `outer` was called with.

    `counts_put`: what it puts into its `**kwargs` is passed; else that may only rewrite what a caller gave.
    """
    arguments = outer.args
    own = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    if not calls or not (arguments.vararg or arguments.kwarg):
        return Supplied()
    places = [_names_by_place(call, own, positional) for call in calls]
    keywords = [{each.arg for each in call.keywords if each.arg} for call in calls]
    by_name = frozenset.intersection(*map(frozenset, keywords)) - frozenset(own)
    taken, put = _changed_keywords(outer, arguments.kwarg.arg if arguments.kwarg else "")
    with_default = frozenset(_with_default(arguments)) & frozenset.intersection(*map(frozenset, keywords))
    return Supplied(
        given=frozenset.intersection(*places) | (by_name - taken),
        filled=(by_name & taken) | (put if counts_put else frozenset()) | with_default,
    )


def _calls(outer: Function, inner: Function) -> Iterator[ast.Call]:
    """Yield each call of `inner` in `outer` that passes on what `outer` was called with."""
    for node in ast.walk(outer.node):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        passes_on = any(isinstance(each, ast.Starred) for each in node.args) or any(
            each.arg is None for each in node.keywords
        )
        if passes_on and _closed_over(node.func.id, outer.scope) is inner:
            yield node


def _closed_over(name: str, scope: Scope | None) -> Value | None:
    while scope is not None:
        value: Value | None = scope.values.get(name)
        if value is not None:
            return value
        scope = scope.parent
    return None


def _names_by_place(call: ast.Call, own: list[str], positional: list[str]) -> frozenset[str]:
    """Return the parameters that `call` gives by position and that are none of the wrapper's own."""
    names = set()
    for name, value in zip(positional, _spread(call.args), strict=False):
        if isinstance(value, ast.Starred):
            break
        if not (isinstance(value, ast.Name) and value.id in own):
            names.add(name)
    return frozenset(names)


def _spread(values: list[ast.expr]) -> Iterator[ast.expr]:
    """Yield `values`, those of a `*(a, *args)` and a `*((a,) + args)` one by one."""
    for value in values:
        match value:
            case ast.Starred(value=ast.Tuple(elts=items) | ast.List(elts=items)):
                yield from _spread(items)
            case ast.Starred(value=ast.BinOp(left=left, op=ast.Add(), right=right)):
                yield from _spread([ast.Starred(left), ast.Starred(right)])
            case _:
                yield value


def _changed_keywords(node: ast.AST, keywords: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what is taken out of the `**keywords` of a wrapper, and what is put in."""
    taken: set[str] = set()
    put: set[str] = set()
    for each in ast.walk(node):
        match each:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr=("pop" | "setdefault") as method),
                args=[ast.Constant(value=str() as key), *_],
            ) if name == keywords:
                (taken if method == "pop" else put).add(key)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key), ctx=how) if (
                name == keywords and not isinstance(how, ast.Load)
            ):
                (taken if isinstance(how, ast.Del) else put).add(key)
            case _:
                pass
    return frozenset(taken), frozenset(put - taken)


def _with_default(arguments: ast.arguments) -> Iterator[str]:
    """Yield the parameters that have a default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from (each.arg for each in positional[len(positional) - len(arguments.defaults) :])
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield each.arg
