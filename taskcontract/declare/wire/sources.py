"""The source of a function or a class as text that is the same for the same code.

Comments, layout and docstrings are not in it, nor what differs between Python's versions or folders.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["names_in", "read_source"]

_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def read_source(definition: FunctionType | type) -> str:
    """Return the code of `definition`; its name alone where no source can be found."""
    try:
        if isinstance(definition, FunctionType) and definition.__name__ == "<lambda>":
            lines, _ = inspect.findsource(definition)
            found = _find_lambdas("".join(lines), definition.__code__)
            if found:
                return "\n".join(map(_spell, found))
        return _spell(ast.parse(textwrap.dedent(inspect.getsource(definition))))
    except (OSError, TypeError, SyntaxError):
        return f"{definition.__module__}.{definition.__qualname__}"


def names_in(code: CodeType) -> set[str]:
    """Return the names that a function refers to, including its comprehensions and inner functions."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return {*code.co_names}.union(*map(names_in, inner))


def _find_lambdas(text: str, code: CodeType) -> list[ast.Lambda]:
    """Return those that may be `code`: that begin in its line and have its parameters."""
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [
        found
        for found in _list_lambdas(text)
        if (found.lineno, _parameters(found)) == (code.co_firstlineno, names)
    ]


@lru_cache(maxsize=16)
def _list_lambdas(text: str) -> list[ast.Lambda]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda)]


def _parameters(found: ast.Lambda) -> tuple[str, ...]:
    given = found.args
    return tuple(each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs))


def _spell(part: object) -> str:
    if isinstance(part, ast.AST):
        fields = (f"{name}={_spell(value)}" for name, value in _fields_of(part))
        return f"{type(part).__name__}({', '.join(fields)})"
    if isinstance(part, list):
        return f"[{', '.join(_spell(item) for item in part if not _is_docstring(item))}]"
    return repr(part)


def _fields_of(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield the fields that say something; Python's versions do not agree on which empty ones there are."""
    for name, value in ast.iter_fields(node):
        if name not in _LEFT_OUT and value is not None and value != []:
            yield name, value


def _is_docstring(item: object) -> bool:
    """Return whether a statement is a text that nothing is done with."""
    said = item.value if isinstance(item, ast.Expr) else None
    return isinstance(said, ast.Constant) and isinstance(said.value, str)
