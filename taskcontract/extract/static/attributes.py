"""Names and attributes: across imports, re-exports, classes and their bases."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskcontract.extract.static.modules import Assigned, Binding, Defined, Imported, Module, Scope
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
    Unknown,
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
    "look_up",
    "lookup_in_module",
    "scope_of_class",
]

MOST_BASES = 50


def look_up(evaluator: Evaluating, name: str, scope: Scope) -> Value:
    """Return what `name` stands for in `scope`, or in the scopes around it; else a builtin."""
    inner: Scope | None = scope
    while inner is not None:
        if inner is scope or not inner.is_class:
            found = _in_scope(evaluator, name, inner)
            if found is not None:
                return found
        inner = inner.parent
    found = _in_stars(evaluator, name, scope.module)
    return found if found is not None else External(f"builtins.{name}")


def lookup_in_module(evaluator: Evaluating, module: Module, name: str) -> Value | None:
    """Return the attribute `name` of a module of the tree, or None if nothing in its text binds it."""
    found = _in_scope(evaluator, name, module.scope)
    if found is not None:
        return found
    if module.is_package:
        inner = evaluator.index.find(f"{module.name}.{name}", module)
        if inner is not None:
            return ModuleRef(inner)
    return _in_stars(evaluator, name, module)


def _in_stars(evaluator: Evaluating, name: str, module: Module) -> Value | None:
    names = module.scope.names  # fills in `stars`
    if name in names or name.startswith("_"):
        return None
    for source in module.scope.stars:
        starred = evaluator.index.find(source, module)
        key = (id(module), f"*{name}", 0)
        if starred is None or key in evaluator.pending:
            continue
        evaluator.pending.add(key)
        try:
            found = lookup_in_module(evaluator, starred, name)
        finally:
            evaluator.pending.discard(key)
        if found is not None:
            return found
    return None


def _in_scope(evaluator: Evaluating, name: str, scope: Scope) -> Value | None:
    given: Value | None = scope.values.get(name)
    if given is not None:
        return given
    bindings = scope.names.get(name)
    if not bindings:
        return None
    key = (scope, name)
    if key in evaluator.known:
        return evaluator.known[key]
    value = _first_known(evaluator, name, bindings, scope)
    if not evaluator.pending:
        evaluator.known[key] = value
    return value


def _first_known(evaluator: Evaluating, name: str, bindings: list[Binding], scope: Scope) -> Value:
    """Return the last binding that is known; one that is being evaluated sees those before it alone."""
    value: Value = UNKNOWN
    asked = [
        index for identity, pending, index in evaluator.pending if identity == id(scope) and pending == name
    ]
    for index in range(min(asked, default=len(bindings)) - 1, -1, -1):
        key = (id(scope), name, index)
        evaluator.pending.add(key)
        try:
            found = _bound(evaluator, bindings[index], scope)
        finally:
            evaluator.pending.discard(key)
        if not isinstance(found, Unknown) and found != Constant(None):
            return found
        if isinstance(value, Unknown):
            value = found
    return value


def _bound(evaluator: Evaluating, binding: Binding, scope: Scope) -> Value:
    match binding:
        case Imported():
            return _imported(evaluator, binding, scope.module)
        case Assigned(value=value, index=index):
            found = evaluator.evaluate(value, scope)
            if index is None:
                return found
            return found.items[index] if isinstance(found, Items) and index < len(found.items) else UNKNOWN
        case Defined(node=ast.ClassDef() as node):
            return evaluator.decorated(
                Class(node, scope, scope_of_class(evaluator, node, scope)), node, scope
            )
        case Defined(node=node):
            function = Function(node, scope)  # type: ignore[arg-type]  # a class is a case of its own
            return evaluator.decorated(function, node, scope)
        case _:
            return UNKNOWN


def scope_of_class(evaluator: Evaluating, node: ast.ClassDef, scope: Scope) -> Scope:
    """Return the one scope of the names of a class."""
    return evaluator.class_scopes.setdefault(node, Scope(scope.module, node.body, scope, is_class=True))


def _imported(evaluator: Evaluating, binding: Imported, module: Module) -> Value:
    index = evaluator.index
    found = index.find(binding.module, module)
    if not binding.name:
        return ModuleRef(found) if found is not None else External(binding.module)
    if found is not None:
        value = lookup_in_module(evaluator, found, binding.name)
        return value if value is not None else Member(ModuleRef(found), binding.name)
    inner = index.find(f"{binding.module}.{binding.name}", module)
    if inner is not None:
        return ModuleRef(inner)  # in a namespace package
    return External(f"{binding.module}.{binding.name}" if binding.module else binding.name)


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
            found = _in_scope(evaluator, name, base.body)
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
