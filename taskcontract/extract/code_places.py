"""Where a function that was imported stands in its source, and how its defaults are written there."""

from __future__ import annotations

import ast
import sys
from functools import cache
from linecache import getlines
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["Definition", "find_definition", "find_file"]

INSTALLED = ("site-packages", "dist-packages")
"""Folders whose inside is as the projects have it, though they may lie in the working directory."""

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Definition(NamedTuple):
    """The file and the line of a `def`, and the expressions of its parameters' defaults."""

    file: str
    line: int
    defaults: dict[str, ast.expr]


def find_definition(code: CodeType | None) -> Definition | None:
    """Return where `code` is written; None where there is no source, or where it has changed since."""
    if code is None:
        return None
    node = _read_file(code.co_filename).get((code.co_firstlineno, code.co_name))
    return None if node is None else Definition(find_file(code.co_filename), node.lineno, _defaults_of(node))


def find_file(name: str) -> str:
    """Return a file's path as its project has it: from where it is installed, or from the working directory.

    What lies elsewhere keeps its whole path.
    """
    path = Path(name).absolute()
    roots = {Path(each or ".").absolute() for each in sys.path}
    above = [each for each in roots if path.is_relative_to(each)]
    nearest = max(above, key=lambda each: len(each.parts), default=path)
    if nearest.name not in INSTALLED and path.is_relative_to(Path.cwd()):
        nearest = Path.cwd()
    return (path if nearest == path else path.relative_to(nearest)).as_posix()


@cache
def _read_file(name: str) -> dict[tuple[int, str], Defined]:
    """Return each function of a file by the line where it begins, decorators included, and its name."""
    try:
        tree = ast.parse("".join(getlines(name)))
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[tuple[int, str], Defined] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found[node.lineno, "<lambda>"] = node
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([each.lineno for each in node.decorator_list], default=node.lineno)
            found[first, node.name] = node
    return found


def _defaults_of(node: Any) -> dict[str, ast.expr]:
    arguments: ast.arguments = node.args
    places = [*arguments.posonlyargs, *arguments.args]
    behind = places[len(places) - len(arguments.defaults) :]
    written = {each.arg: default for each, default in zip(behind, arguments.defaults, strict=True)}
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return written | {each.arg: default for each, default in named if default is not None}
