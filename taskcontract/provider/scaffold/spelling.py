"""A type as source text for a module that is written by us."""

from __future__ import annotations

import sys
import types
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from taskcontract.declare.imports import Origin
from taskcontract.provider.scaffold.names import quote

if TYPE_CHECKING:
    from collections.abc import Container

    from taskcontract.declare.imports import Imports

__all__ = ["spell_annotation"]

ANY = ("typing", ["Any"])


def spell_annotation(annotation: Any, imports: Imports, hidden: Container[str] = ()) -> str:
    """`annotation`, without constraints; `imports` learns the names that this needs.

    Builtins that are `hidden` where it will stand are imported by other names. What no module holds is `Any`.
    """

    def spell(part: Any) -> str:
        return spell_annotation(part, imports, hidden)

    origin, args = get_origin(annotation), get_args(annotation)
    if generic := getattr(annotation, "__pydantic_generic_metadata__", {}).get("origin"):
        origin, args = generic, annotation.__pydantic_generic_metadata__["args"]
    if annotation is None or annotation is types.NoneType:
        return "None"
    if annotation is Ellipsis:
        return "..."
    if origin is Annotated:
        return spell(args[0])
    if origin is Union or origin is types.UnionType:
        return " | ".join(map(spell, args))
    if origin is Literal:
        literal = imports.add("Literal", Origin("typing", "Literal"))
        return f"{literal}[{', '.join(_spell_value(each, imports, hidden) for each in args)}]"
    if origin is not None:
        return f"{spell(origin)}[{', '.join(map(spell, args)) or '()'}]"
    return _spell_name(annotation, imports, hidden)


def _spell_value(value: Any, imports: Imports, hidden: Container[str]) -> str:
    if isinstance(value, Enum):
        return f"{_spell_name(type(value), imports, hidden)}.{value.name}"
    return quote(value) if isinstance(value, str) else repr(value)


def _spell_name(named: Any, imports: Imports, hidden: Container[str]) -> str:
    """The path to a class or another type that has a name."""
    module, (head, *rest) = _find(named)
    if module != "builtins" or head in hidden:
        head = imports.add(head, Origin(module, head))
    return ".".join([head, *rest])


def _find(named: Any) -> tuple[str, list[str]]:
    """The module that holds a type, and the attributes that lead to it; those of `Any` where none does."""
    module = getattr(named, "__module__", "")
    path: list[str] = getattr(named, "__qualname__", getattr(named, "__name__", "")).split(".")
    if isinstance(named, TypeVar) or module not in sys.modules:
        return ANY
    public, _, private = module.partition("._")
    if private and public in sys.stdlib_module_names and _follow(public, path) is named:
        return public, path  # a Path says that it is of `pathlib._local`, which type checkers do not know
    if _follow(module, path) is named:
        return module, path
    held = (name for name, value in list(vars(sys.modules[module]).items()) if value is named)
    return next(((module, [name]) for name in held), ANY)


def _follow(module: str, path: list[str]) -> Any:
    found: Any = sys.modules.get(module)
    for name in path:
        found = getattr(found, name, None)
    return found
