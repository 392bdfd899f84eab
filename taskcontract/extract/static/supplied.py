"""The arguments that a decorator's wrapper supplies by itself, so that no caller can give them."""

from __future__ import annotations

import ast

__all__ = ["supplied_by"]


def supplied_by(wrapper: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """Return the keywords that `wrapper` adds to its own: `function(*args, session=s, **kwargs)`."""
    rest = wrapper.args.kwarg
    if rest is None:
        return frozenset()
    own = {each.arg for each in (*wrapper.args.args, *wrapper.args.kwonlyargs)}
    supplied: set[str] = set()
    for node in ast.walk(wrapper):
        if isinstance(node, ast.Call) and any(_is_rest(each, rest.arg) for each in node.keywords):
            supplied |= {each.arg for each in node.keywords if each.arg}
    return frozenset(supplied - own)


def _is_rest(keyword: ast.keyword, name: str) -> bool:
    return keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id == name
