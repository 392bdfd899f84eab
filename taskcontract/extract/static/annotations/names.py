"""What a name means in an annotation: a type outside the project, a class of it, or another expression."""

from __future__ import annotations

import ast
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from taskcontract.extract.static.modules import Assigned, Defined, Imported, Module, Scope

if TYPE_CHECKING:
    from taskcontract.extract.static.modules import Binding

__all__ = ["Alias", "Declared", "Finds", "Inside", "Meaning", "Names", "Outside"]

DEEPEST = 40
"""Imports that are followed in a row, and attributes of attributes."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that the project imports, or a builtin, by its dotted path."""

    path: str


@dataclass(frozen=True, slots=True)
class Inside:
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True)
class Declared:
    """A class of the project and where it is defined; `prefix` are the classes around it."""

    node: ast.ClassDef
    scope: Scope
    prefix: str = ""

    @property
    def qualname(self) -> str:
        """Its name in its module: `Order.Line`."""
        return f"{self.prefix}{self.node.name}"

    @property
    def path(self) -> str:
        """Its dotted path: `shop.models.Order.Line`."""
        return f"{self.scope.module.name}.{self.qualname}"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that stands for an expression: `Ids = list[int]`; `name` is the name."""

    name: str
    expression: ast.expr
    scope: Scope


Meaning: TypeAlias = Outside | Inside | Declared | Alias | None
"""None: only running the code would tell."""


class Finds(Protocol):
    """Finds the modules of a project."""

    def find(self, name: str, near: Module) -> Module | None:
        """Return the module of the dotted `name` as `near` would import it; None outside the project."""
        ...


class Names:
    """Finds what names mean, through the imports of a project."""

    def __init__(self, index: Finds) -> None:
        self._index = index

    def find(self, expression: ast.expr, scope: Scope, depth: int = 0) -> Meaning:
        """Return what a name, or a name with attributes, means in `scope`."""
        if depth > DEEPEST:
            return None
        if isinstance(expression, ast.Name):
            return self._look_up(expression.id, scope, depth)
        if not isinstance(expression, ast.Attribute):
            return None
        return self._attribute(self.find(expression.value, scope, depth + 1), expression.attr, scope, depth)

    def _attribute(self, of: Meaning, name: str, scope: Scope, depth: int) -> Meaning:
        match of:
            case Outside(path=path):
                found = self._index.find(f"{path}.{name}", scope.module)
                return Inside(found) if found is not None else Outside(f"{path}.{name}")
            case Inside(module=module):
                return self._in_module(module, name, depth + 1)
            case Declared(node=node, scope=around):
                body = Scope(around.module, node.body, around, is_class=True)
                found_in = self._in_scope(name, body, depth + 1)
                if isinstance(found_in, Declared):
                    return Declared(found_in.node, around, f"{of.qualname}.")
                return found_in
            case _:
                return None

    def _look_up(self, name: str, scope: Scope, depth: int) -> Meaning:
        inner: Scope | None = scope
        while inner is not None:
            if (inner is scope or not inner.is_class) and name in inner.names:
                return self._in_scope(name, inner, depth)
            inner = inner.parent
        return self._in_stars(name, scope.module, depth) or Outside(f"builtins.{name}")

    def _in_scope(self, name: str, scope: Scope, depth: int) -> Meaning:
        bindings = scope.names.get(name)
        if not bindings or depth > DEEPEST:
            return None
        known = [each for each in bindings if not _says_nothing(each)] or bindings
        match known[-1]:
            case Imported() as imported:
                return self._imported(imported, scope, depth)
            case Assigned(value=value, index=None):
                return Alias(name, value, scope)
            case Defined(node=ast.ClassDef() as node):
                return Declared(node, scope)
            case _:
                return None

    def _imported(self, imported: Imported, scope: Scope, depth: int) -> Meaning:
        module = self._index.find(imported.module, scope.module)
        if not imported.name:
            return Inside(module) if module is not None else Outside(imported.module)
        path = f"{imported.module}.{imported.name}".lstrip(".")
        if module is not None:
            found = self._in_module(module, imported.name, depth + 1)
            return found if found is not None else Outside(path)
        inner = self._index.find(path, scope.module)
        return Inside(inner) if inner is not None else Outside(path)

    def _in_module(self, module: Module, name: str, depth: int) -> Meaning:
        if depth > DEEPEST:
            return None
        if name in module.scope.names:
            return self._in_scope(name, module.scope, depth)
        if module.is_package:
            inner = self._index.find(f"{module.name}.{name}", module)
            if inner is not None:
                return Inside(inner)
        return self._in_stars(name, module, depth)

    def _in_stars(self, name: str, module: Module, depth: int) -> Meaning:
        if depth > DEEPEST or name.startswith("_"):
            return None
        _ = module.scope.names  # finds the stars
        for source in module.scope.stars:
            starred = self._index.find(source, module)
            if starred is None and source == "typing" and name in typing.__all__:
                return Outside(f"typing.{name}")
            found = None if starred is None else self._in_module(starred, name, depth + 10)
            if found is not None:
                return found
        return None


def _says_nothing(binding: Binding) -> bool:
    """Return whether a name is bound to no type: to None where an import failed, or by a loop."""
    if binding is None:
        return True
    value = binding.value if isinstance(binding, Assigned) else None
    return isinstance(value, ast.Constant) and value.value is None
