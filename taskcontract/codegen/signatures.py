"""Signatures and types as source text, fit for another module than their own."""

from __future__ import annotations

import ast
import builtins
import sys
import types
from copy import deepcopy
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
)

from taskcontract.codegen.formatting import quote, unparse
from taskcontract.codegen.imports import Imports, Origin, find_name, find_origins
from taskcontract.declare.parameter import place_of
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Container

    from taskcontract.declare.task import Task

__all__ = ["SourceSignature", "find_origin", "read_signature", "write_annotation"]


class SourceSignature(NamedTuple):
    """A task's signature: its parameters with their annotations, and the text of its result's."""

    parameters: ast.arguments
    result: str


def read_signature(task: Task[..., Any], imports: Imports, *, defaults: bool = False) -> SourceSignature:
    """Return how the source of `task` spells its signature; `imports` learns the names that this needs.

    A default is `...` as in a stub, unless `defaults` are wanted.
    """
    place = place_of(task.function)
    # Visiting changes what it visits, and the tree is read once for all.
    definition = deepcopy(_find_definition(task, place))
    module = task.function.__module__
    speller, values = (kind(module, imports, place) for kind in (_Speller, _Names))

    def spell(annotation: ast.expr | None) -> ast.expr:
        return cast("ast.expr", speller.visit(annotation)) if annotation else ast.Name(imports.add(ANY))

    def spell_default(value: ast.expr) -> ast.expr:
        return cast("ast.expr", values.visit(value)) if defaults else ast.Constant(...)

    parameters = definition.args
    for node in ast.walk(parameters):
        if isinstance(node, ast.arg):
            node.annotation = spell(node.annotation)
    parameters.defaults = [spell_default(each) for each in parameters.defaults]
    parameters.kw_defaults = [each and spell_default(each) for each in parameters.kw_defaults]
    return SourceSignature(parameters, unparse(spell(definition.returns)))


def find_origin(module: str, variable: str) -> Origin:
    """Return what `variable` of `module` is an import of, as its source says; else itself."""
    origins = _read_source(module)[1].get(variable, ())
    return origins[0] if origins and origins[0].attribute else Origin(module, variable)


ANY = Origin("typing", "Any")


class _Names(ast.NodeTransformer):
    """Rewrites a default or a constraint, so that its names mean elsewhere what they mean in their module."""

    def __init__(self, module: str, imports: Imports, place: str) -> None:
        self.module = module
        self.imports = imports
        self.place = place
        self.origins = _read_source(module)[1]

    def visit_Name(self, node: ast.Name) -> ast.Name:
        name = node.id
        if name in self.origins:
            for origin in self.origins[name]:
                name = self.imports.add(origin, node.id, place=self.place)
        elif not hasattr(builtins, name):
            if name not in vars(sys.modules[self.module]):
                raise DeclarationError(
                    f"the annotation names {name!r}, which its module does not define", where=self.place
                )
            name = self.imports.add(Origin(self.module, name), place=self.place)
        return ast.Name(name)


class _Speller(_Names):
    """The same for an annotation, whose strings are types, but for those of a Literal or a constraint."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        expression: ast.expr = self.visit(ast.parse(node.value, mode="eval").body)
        return expression

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        meaning = self._meaning(node.value)
        inner = node.slice
        if meaning == "Annotated" and isinstance(inner, ast.Tuple):
            constraints = map(_Names(self.module, self.imports, self.place).visit, inner.elts[1:])
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


def write_annotation(annotation: Any, imports: Imports, hidden: Container[str] = ()) -> str:
    """Return `annotation`, without constraints; `imports` learns the names that this needs.

    Names that are `hidden` where it will stand are imported by others. What no module holds is `Any`.
    """

    def spell(part: Any) -> str:
        return write_annotation(part, imports, hidden)

    def spell_value(value: Any) -> str:
        if isinstance(value, Enum):
            return f"{spell(type(value))}.{value.name}"
        return quote(value) if isinstance(value, str) else repr(value)

    origin, args = get_origin(annotation), get_args(annotation)
    if generic := getattr(annotation, "__pydantic_generic_metadata__", {}).get("origin"):
        origin, args = generic, annotation.__pydantic_generic_metadata__["args"]
    if annotation in (None, types.NoneType, ...):
        return "..." if annotation is ... else "None"
    if origin is Annotated:
        return spell(args[0])
    if origin is Union or origin is types.UnionType:
        return " | ".join(map(spell, args))
    if origin is Literal:
        literal = imports.add(Origin("typing", "Literal"), avoid=hidden)
        return f"{literal}[{', '.join(map(spell_value, args))}]"
    if origin is not None:
        return f"{spell(origin)}[{', '.join(map(spell, args)) or '()'}]"
    module, (head, *rest) = _find(annotation)
    return ".".join([imports.add(Origin(module, head), avoid=hidden), *rest])


def _find(named: Any) -> tuple[str, list[str]]:
    """Return the module that holds a type, and the attributes that lead to it; those of `Any` if none."""
    module = getattr(named, "__module__", "")
    path: list[str] = getattr(named, "__qualname__", getattr(named, "__name__", "")).split(".")
    if isinstance(named, TypeVar) or module not in sys.modules:
        return "typing", ["Any"]
    public, _, private = module.partition("._")
    if private and public in sys.stdlib_module_names and _follow(public, path) is named:
        return public, path  # a Path says that it is of `pathlib._local`, which type checkers do not know
    if _follow(module, path) is named:
        return module, path
    name = find_name(named, module)
    return (module, [name]) if name is not None else ("typing", ["Any"])


def _follow(module: str, path: list[str]) -> Any:
    found: Any = sys.modules.get(module)
    for name in path:
        found = getattr(found, name, None)
    return found
