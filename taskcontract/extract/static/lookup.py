"""What a name stands for: in its scope and those around it, across imports, `*` and re-exports."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.modules import Assigned, Binding, Defined, Imported, Module, Scope
from taskcontract.extract.static.values import (
    UNKNOWN,
    Class,
    Constant,
    External,
    Function,
    Items,
    Member,
    ModuleRef,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating

__all__ = ["find_in_scope", "look_up", "lookup_in_module", "scope_of_class"]


def look_up(evaluator: Evaluating, name: str, scope: Scope) -> Value:
    """Return what `name` stands for in `scope`, or in the scopes around it; else a builtin."""
    inner: Scope | None = scope
    while inner is not None:
        if inner is scope or not inner.is_class:
            found = find_in_scope(evaluator, name, inner)
            if found is not None:
                return found
        inner = inner.parent
    found = _in_stars(evaluator, name, scope.module)
    return found if found is not None else External(f"builtins.{name}")


def lookup_in_module(evaluator: Evaluating, module: Module, name: str) -> Value | None:
    """Return the attribute `name` of a module of the tree, or None if nothing in its text binds it."""
    found = find_in_scope(evaluator, name, module.scope)
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


def find_in_scope(evaluator: Evaluating, name: str, scope: Scope) -> Value | None:
    """Return what `name` is in `scope` itself, or None if nothing there binds it."""
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
