"""Attributes and items: of modules, of classes and their bases, of instances, of dicts and lists."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskcontract.extract.static.lookup import find_in_scope, lookup_in_module
from taskcontract.extract.static.values import (
    UNKNOWN,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Items,
    Mapped,
    Member,
    ModuleRef,
    Super,
    TaskValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.evaluating import Evaluating

__all__ = [
    "bases_of",
    "find_in_class",
    "get_attribute",
    "get_item",
]

MOST_BASES = 50


def get_attribute(evaluator: Evaluating, of: Value, name: str) -> Value:
    """Return the attribute `name` of a value; a Member where nothing more is known of it."""
    match of:
        case ModuleRef(module=module):
            found = lookup_in_module(evaluator, module, name)
        case External():
            found = _attribute_outside(evaluator, of, name)
        case Class():
            found = Constant(of.node.name) if name == "__name__" else find_in_class(evaluator, of, name)
        case Function():
            found = _attribute_of_function(of, name)
        case Instance():
            found = _attribute_of_instance(evaluator, of, name)
        case Super():
            found = find_in_class(evaluator, of.within, name, above=True)
            if isinstance(found, Function) and of.owner is not None:
                found = bind(found, of.owner, of.within)
        case Constant(value=str()) if name == "value":
            found = of  # a member of an enum
        case TaskValue():
            found = of.target if name in {"run", "__wrapped__"} else of.options.items.get(name)
        case _:
            found = None
    return found if found is not None else Member(of, name)


def _attribute_outside(evaluator: Evaluating, of: External, name: str) -> Value:
    if evaluator.index.holds(of.path):  # a namespace package
        found = next(evaluator.index.named(f"{of.path}.{name}"), None)
        if found is not None:
            return ModuleRef(found)
    if of.path == "django.conf.settings":
        setting = _mapping_in_settings(evaluator, name)
        if setting is not None:
            return setting
    return External(f"{of.path}.{name}", member=True)


def _mapping_in_settings(evaluator: Evaluating, name: str) -> Mapped | None:
    """Return the mapping `name` of Django's settings, where one module of settings alone has that name.

    Other values stay `settings.NAME`: what they are in production, the environment may say.
    """
    index = evaluator.index
    mapping = re.compile(rb"^%b\b[^=\n]*=[ \t]*(?:\{|dict\()" % name.encode(), re.MULTILINE)
    homes = [path for path in index.paths() if "settings" in path and mapping.search(index.text(path))]
    module = index.open(homes[0]) if len(homes) == 1 else None
    found = lookup_in_module(evaluator, module, name) if module is not None else None
    return found if isinstance(found, Mapped) and found.whole else None


def _attribute_of_function(of: Function, name: str) -> Value | None:
    if name in {"__name__", "__qualname__"} and not isinstance(of.node, ast.Lambda):
        return Constant(of.name or of.node.name)
    return Constant(of.scope.module.name) if name == "__module__" else None


def _attribute_of_instance(evaluator: Evaluating, of: Instance, name: str) -> Value:
    if name in of.attributes:
        return of.attributes[name]
    if isinstance(of.of, Class):
        found = find_in_class(evaluator, of.of, name)
        if isinstance(found, Function):
            return found if _is_static(found.node) else bind(found, of, of.of)
        if found is not None and not isinstance(found, External):
            return found
    return Member(of, name)


def bind(function: Function, owner: Value, within: Class) -> Function:
    """Return the method `function` bound to `owner`."""
    return Function(function.node, function.scope, function.wraps, owner, within)


def _is_static(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
        isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list
    )


def find_in_class(evaluator: Evaluating, of: Class, name: str, *, above: bool = False) -> Value | None:
    """Return what `name` is in a class or in the first base that has it; `above`: in its bases alone.

    Where no class of the tree has it and a base is outside the tree, it is that base's: an External.
    """
    outside: Value | None = None
    for base in bases_of(evaluator, of):
        if base is of and above:
            continue
        if isinstance(base, Class):
            found = find_in_scope(evaluator, name, base.body)
            if found is not None:
                return found
        elif outside is None and isinstance(base, External) and base.path != "builtins.object":
            outside = External(f"{base.path}.{name}", member=True)
    return outside


def bases_of(evaluator: Evaluating, of: Value) -> Iterator[Value]:
    """Yield a class and all its bases, nearest first; what is outside the tree as an External."""
    waiting, seen = [of], 0
    done: list[Value] = []
    while waiting and seen < MOST_BASES:
        seen += 1
        current = waiting.pop(0)
        if isinstance(current, Class):
            if any(isinstance(each, Class) and each.node is current.node for each in done):
                continue
            bases = [evaluator.evaluate(base, current.scope) for base in current.node.bases]
            waiting = bases + waiting
        done.append(current)
        yield current


def get_item(of: Value, key: Value) -> Value:
    """Return `of[key]`; a subscripted class is that class."""
    match of, key:
        case Mapped(items=items), Constant(value=str() as name):
            return items.get(name, UNKNOWN)
        case Items(items=items), Constant(value=int() as place) if -len(items) <= place < len(items):
            return items[place]
        case Member(name="tasks"), Constant(value=str() as name):
            return Member(of, f"[{name}]")  # a task by its registered name
        case ((Class() | External()), _):
            return of
        case _:
            return UNKNOWN
