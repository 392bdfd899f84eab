"""The settings that a module, a class or an instance of one holds, by the names that tasks have for them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import bases_of
from taskcontract.extract.static.conditions import truth
from taskcontract.extract.static.lookup import lookup_in_module
from taskcontract.extract.static.settings_changes import find_changed, read_change
from taskcontract.extract.static.settings_said import Said, Store, name_setting
from taskcontract.extract.static.values import UNKNOWN, Class, Instance, Mapped, ModuleRef, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Module, Scope
    from taskcontract.extract.static.settings_changes import Change

__all__ = ["find_object", "read_object"]

MOST_MODULES = 50
"""Modules of settings that are read for one app: they import each other."""


def find_object(evaluator: Evaluating, name: str, near: Module) -> Value | None:
    """Return the module, class or instance that Celery imports by `name`: `a.b`, `a.b:C` or `a.b.C`."""
    module_name, colon, attribute = name.partition(":")
    found = evaluator.index.find(module_name, near)
    if found is None and not colon:
        module_name, _, attribute = name.rpartition(".")
        found = evaluator.index.find(module_name, near) if module_name else None
    if found is None:
        return None
    return lookup_in_module(evaluator, found, attribute) if attribute else ModuleRef(found)


def read_object(evaluator: Evaluating, value: Value, namespace: str, store: Store) -> bool:
    """Put the settings that `value` holds into `store`; False where it is nothing that can be read.

    Names without the `namespace` count as well, behind those with it, as Celery reads them.
    """
    if namespace and not read_object(evaluator, value, "", store):
        return False
    match value:
        case ModuleRef(module=module):
            _Reading(evaluator, namespace, store).read_module(module)
        case Class():
            _Reading(evaluator, namespace, store).read_class(value)
        case Instance(of=Class() as of):
            _Reading(evaluator, namespace, store).read_class(of)
            for name, each in value.attributes.items():
                store.put(name_setting(name, namespace), Said(each))
        case Mapped(items=items):
            for name, each in items.items():
                store.put(name_setting(name, namespace), Said(each))
        case _:
            return False
    return True


class _Reading:
    """Goes through modules of settings as Python would, from the top, with what they import by `*`."""

    def __init__(self, evaluator: Evaluating, namespace: str, store: Store) -> None:
        self._evaluator = evaluator
        self._namespace = namespace
        self._store = store
        self._seen: set[str] = set()

    def read_module(self, module: Module) -> None:
        if module.path not in self._seen and len(self._seen) < MOST_MODULES:
            self._seen.add(module.path)
            self._read(module.tree.body, module.scope, certain=True)

    def read_class(self, of: Class) -> None:
        for each in reversed([base for base in bases_of(self._evaluator, of) if isinstance(base, Class)]):
            self._read(each.node.body, each.body, certain=True)

    def _read(self, body: Sequence[ast.stmt], scope: Scope, *, certain: bool) -> None:
        for statement in body:
            change = read_change(statement)
            if change is not None and self._change(change, scope, certain=certain):
                continue
            match statement:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assign(target, value, scope, certain=certain)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign(target, value, scope, certain=certain)
                case ast.AugAssign(target=ast.Name(id=name)):
                    self._forget(name)
                case ast.ImportFrom():
                    self._import(statement, scope, certain=certain)
                case _:
                    self._read_blocks(statement, scope, certain=certain)

    def _read_blocks(self, statement: ast.stmt, scope: Scope, *, certain: bool) -> None:
        match statement:
            case ast.If():
                self._branch(statement, scope, certain=certain)
            case ast.Try():
                self._read([*statement.body, *statement.orelse], scope, certain=certain)
                for handler in statement.handlers:
                    self._read(handler.body, scope, certain=False)
            case ast.With():
                self._read(statement.body, scope, certain=certain)

    def _branch(self, statement: ast.If, scope: Scope, *, certain: bool) -> None:
        said = truth(self._evaluator, statement.test, scope)
        branches: Iterable[list[ast.stmt]] = (statement.body, statement.orelse)
        if said is not None:
            branches = (statement.body if said else statement.orelse,)
        for branch in branches:
            self._read(branch, scope, certain=certain and said is not None)

    def _assign(self, target: ast.expr, value: ast.expr, scope: Scope, *, certain: bool) -> None:
        if isinstance(target, ast.Name):
            setting = name_setting(target.id, self._namespace)
            if setting:
                found = find_changed(self._evaluator, value, scope)
                self._store.put(setting, Said(found, ast.unparse(value)), certain=certain)

    def _change(self, change: Change, scope: Scope, *, certain: bool) -> bool:
        """Take the change of a setting where it stands; False where `change` is of nothing that was set."""
        found = change.find(lambda each: bool(self._known(each)))
        if found is None:
            return False
        known = self._known(found.of)
        after = [
            Said(found.apply(self._evaluator, each.value, scope), ast.unparse(found.of)) for each in known
        ]
        self._store.said[self._setting_of(found.of)] = after if certain else [*known, *after]
        return True

    def _known(self, node: ast.expr) -> list[Said]:
        return self._store.said.get(self._setting_of(node), [])

    def _setting_of(self, node: ast.expr) -> str:
        return name_setting(node.id, self._namespace) if isinstance(node, ast.Name) else ""

    def _forget(self, name: str) -> None:
        """Note that a setting is changed in a way that is not followed: what it holds then is not known."""
        if self._known(ast.Name(name)):
            self._store.put(name_setting(name, self._namespace), Said(UNKNOWN, name))

    def _import(self, statement: ast.ImportFrom, scope: Scope, *, certain: bool) -> None:
        source = scope.module.absolute(statement.level, statement.module)
        for alias in statement.names:
            if alias.name == "*":
                found = self._evaluator.index.find(source, scope.module)
                if found is not None:
                    self.read_module(found)
                continue
            name = alias.asname or alias.name
            setting = name_setting(name, self._namespace)
            if setting:
                home = self._evaluator.index.find(source, scope.module)
                inner, of = (name, scope) if home is None else (alias.name, home.scope)
                value = find_changed(self._evaluator, ast.Name(inner), of)
                self._store.put(setting, Said(value, name), certain=certain)
