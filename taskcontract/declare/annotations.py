"""A task's parameters and result as its source spells them, fit for another module."""

from __future__ import annotations

import ast
import builtins
import sys
import tokenize
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.declare.imports import Imports, Origin, find_origins
from taskcontract.declare.parameter import place_of
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from taskcontract.declare.task import Task

__all__ = ["Spelling", "find_origin", "spell_task"]


@dataclass(frozen=True)
class Spelling:
    """A task's signature as source text: `before` and `after` the place of further keyword-only ones."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    result: str


def spell_task(task: Task[..., Any], imports: Imports, *, defaults: bool = False) -> Spelling:
    """How the source of `task` spells its signature; `imports` learns the names that this needs.

    A default is `...` as in a stub, unless `defaults` are wanted.
    """
    place = place_of(task.function)
    module = task.function.__module__
    definition = _find_definition(task, place)
    speller = _Speller(module, imports, place)

    def spell(argument: ast.arg, mark: str = "", default: ast.expr | None = None) -> str:
        annotation = argument.annotation
        typed = f": {speller.spell(annotation)}" if annotation else f": {imports.add('Any', ANY)}"
        value = "" if default is None else f" = {speller.spell_value(default) if defaults else '...'}"
        return f"{mark}{argument.arg}{typed}{value}"

    arguments = definition.args
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    values = [*[None] * required, *arguments.defaults]
    before = [spell(each, "", value) for each, value in zip(positional, values, strict=True)]
    if arguments.posonlyargs:
        before.insert(len(arguments.posonlyargs), "/")
    before.append(spell(arguments.vararg, "*") if arguments.vararg else "*")
    before += [
        spell(each, "", default)
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    after = [spell(arguments.kwarg, "**")] if arguments.kwarg else []
    result = speller.spell(definition.returns) if definition.returns else imports.add("Any", ANY)
    return Spelling(tuple(before), tuple(after), result)


def find_origin(module: str, variable: str) -> Origin:
    """What `variable` of `module` is an import of, as its source says; itself where it is none."""
    origins = _read_source(module)[1].get(variable, ())
    return origins[0] if origins and origins[0].attribute else Origin(module, variable)


ANY = Origin("typing", "Any")


class _Speller(ast.NodeTransformer):
    """Rewrites an annotation so that its names mean in another module what they mean in their own."""

    def __init__(self, module: str, imports: Imports, place: str) -> None:
        self.module = module
        self.imports = imports
        self.place = place
        self.origins = _read_source(module)[1]

    def spell(self, annotation: ast.expr) -> str:
        """The annotation as text, strings in double quotes."""
        # Visiting changes what it visits, and the tree is read once for all.
        return _double_quoted(ast.unparse(self.visit(deepcopy(annotation))))

    def spell_value(self, value: ast.expr) -> str:
        """A default as text."""
        return _double_quoted(ast.unparse(_Names(self.visit_Name).visit(deepcopy(value))))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        name = node.id
        if name in self.origins:
            for origin in self.origins[name]:
                name = self.imports.add(node.id, origin, self.place)
        elif not hasattr(builtins, name):
            if name not in vars(sys.modules[self.module]):
                raise DeclarationError(
                    f"the annotation names {name!r}, which its module does not define", where=self.place
                )
            name = self.imports.add(name, Origin(self.module, name), self.place)
        return ast.Name(name)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        expression: ast.expr = self.visit(ast.parse(node.value, mode="eval").body)
        return expression

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        meaning = self._meaning(node.value)
        inner = node.slice
        if meaning == "Annotated" and isinstance(inner, ast.Tuple):
            constraints = map(_Names(self.visit_Name).visit, inner.elts[1:])
            inner = ast.Tuple([self.visit(inner.elts[0]), *constraints])
        elif meaning != "Literal":
            inner = self.visit(inner)
        return ast.Subscript(self.visit(node.value), inner)

    def _meaning(self, node: ast.expr) -> str:
        if isinstance(node, ast.Attribute):
            return node.attr
        name = node.id if isinstance(node, ast.Name) else ""
        origins = self.origins.get(name, ())
        return origins[0].attribute if origins else name


class _Names(ast.NodeTransformer):
    """The same for what annotates a type (`Annotated[str, Len(5)]`): its strings are values, not names."""

    def __init__(self, rename: Callable[[ast.Name], ast.Name]) -> None:
        self.rename = rename

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return self.rename(node)


def _find_definition(task: Task[..., Any], place: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    code = task.function.__code__
    for node in ast.walk(_read_source(task.function.__module__)[0]):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if first == code.co_firstlineno:
                return node
    raise DeclarationError(
        "the source of this binding is not where Python says",
        where=place,
        do="Declare it in a module of its own.",
    )


def _read_source(module: str) -> tuple[ast.Module, dict[str, tuple[Origin, ...]]]:
    file = getattr(sys.modules[module], "__file__", None)
    if file is None:
        raise DeclarationError(f"{module} has no source file", do="Declare the bindings in a .py file.")
    return _parse(module, Path(file).read_bytes(), Path(file).stem == "__init__")


@lru_cache(maxsize=64)
def _parse(module: str, source: bytes, is_package: bool) -> tuple[ast.Module, dict[str, tuple[Origin, ...]]]:
    tree = ast.parse(source)
    return tree, find_origins(tree, module, is_package=is_package)


def _double_quoted(text: str) -> str:
    """`text`, one line, with its strings as ruff and black write them."""
    letters = list(text)
    for token in tokenize.generate_tokens(StringIO(text).readline):
        if token.type == tokenize.STRING and token.string[0] == "'" and '"' not in token.string:
            letters[token.start[1]] = letters[token.end[1] - 1] = '"'
    return "".join(letters)
