"""Settings that are changed where they stand: `task_routes["x"] = ...`, `.update(...)`, `|=`."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taskcontract.extract.static.modules import Assigned, Imported, statements_in
from taskcontract.extract.static.values import UNKNOWN, Constant, Items, Mapped, Unknown, Value, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Scope

__all__ = ["Change", "find_changed", "is_name", "read_change"]

METHODS = frozenset(
    {"append", "clear", "extend", "insert", "pop", "popitem", "remove", "setdefault", "sort", "update"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that changes what `of` holds, as a call of `method` would; `keys` lead from `of` to it."""

    of: ast.expr
    method: str
    arguments: Sequence[ast.expr] = ()
    keywords: Mapping[str | None, ast.expr] = field(default_factory=dict)
    keys: tuple[ast.expr, ...] = ()

    def find(self, is_setting: Callable[[ast.expr], bool]) -> Change | None:
        """Return the change as one of a setting, or of a value within it; None if it is of neither."""
        of: ast.expr = self.of
        keys = self.keys
        while not is_setting(of):
            if not isinstance(of, ast.Subscript):
                return None
            keys = (of.slice, *keys)
            of = of.value
        return Change(of, self.method, self.arguments, self.keywords, keys)

    def apply(self, evaluator: Evaluating, value: Value, scope: Scope) -> Value:
        """Return what `value` is then, a copy; UNKNOWN where only running the code tells."""
        if not self.keys:
            return self._apply(evaluator, value, scope)
        key = text_of(evaluator.evaluate(self.keys[0], scope))
        if key is None or not isinstance(value, Mapped) or key not in value.items:
            return UNKNOWN
        inner = Change(self.of, self.method, self.arguments, self.keywords, self.keys[1:])
        changed = inner.apply(evaluator, value.items[key], scope)
        return Mapped({**value.items, key: changed}, value.whole)

    def _apply(self, evaluator: Evaluating, value: Value, scope: Scope) -> Value:
        given = [evaluator.evaluate(each, scope) for each in self.arguments]
        named = {name: evaluator.evaluate(each, scope) for name, each in self.keywords.items()}
        if isinstance(value, Mapped):
            return _change_mapping(value, self.method, given, named)
        if isinstance(value, Items) and not named:
            return _change_list(value, self.method, given)
        return UNKNOWN


def read_change(statement: ast.stmt) -> Change | None:
    """Return the change that `statement` makes of a dict or a list, if it does."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=of, slice=key)], value=value):
            return Change(of, "__setitem__", (key, value))
        case ast.AugAssign(target=of, op=ast.BitOr(), value=value):
            return Change(of, "update", (value,))
        case ast.AugAssign(target=of, op=ast.Add(), value=value):
            return Change(of, "extend", (value,))
        case ast.Delete(targets=[ast.Subscript(value=of, slice=key)]):
            return Change(of, "pop", (key,))
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=of, attr=method), args=args, keywords=keywords)
        ) if method in METHODS:
            return Change(of, method, args, {each.arg: each.value for each in keywords})
        case _:
            return None


def find_changed(evaluator: Evaluating, node: ast.expr, scope: Scope) -> Value:
    """Return what `node` stands for; a name of a module with all that the module changes of it."""
    value = evaluator.evaluate(node, scope)
    if not isinstance(node, ast.Name) or not isinstance(value, (Mapped, Items)):
        return value
    return _change_name(evaluator, node.id, value, scope.module.scope, set())


def _change_name(
    evaluator: Evaluating, name: str, value: Value, scope: Scope, seen: set[tuple[str, str]]
) -> Value:
    """Return `value`, which a module binds to `name`, after the statements of that module."""
    match scope.names.get(name):
        case [Imported(module=module, name=imported)] if imported and (module, imported) not in seen:
            home = evaluator.index.find(module, scope.module)
            seen.add((module, imported))
            if home is not None:
                value = _change_name(evaluator, imported, value, home.scope, seen)
        case [Assigned()]:
            pass
        case _:
            return value
    certain = set(map(id, scope.body))
    for statement in statements_in(scope.body):
        change = read_change(statement)
        found = change.find(lambda each: is_name(each, name)) if change is not None else None
        if found is not None:
            value = found.apply(evaluator, value, scope) if id(statement) in certain else UNKNOWN
    return value


def is_name(node: ast.expr, name: str) -> bool:
    """Whether `node` is the name `name`."""
    return isinstance(node, ast.Name) and node.id == name


def _change_mapping(
    of: Mapped, method: str, given: Sequence[Value], named: Mapping[str | None, Value]
) -> Value:
    key = text_of(given[0]) if given else None
    match method, given:
        case "__setitem__", [_, value]:
            return Mapped({**of.items, key: value}, of.whole) if key is not None else Mapped(of.items, False)
        case "setdefault", [_, value] if key is not None:
            return Mapped({key: value, **of.items}, of.whole)
        case "pop", [_, *_] if key is not None:
            return Mapped({name: each for name, each in of.items.items() if name != key}, of.whole)
        case "clear", []:
            return Mapped({})
        case "update", _:
            return _update(of, given, named)
        case _:
            return UNKNOWN


def _update(of: Mapped, given: Sequence[Value], named: Mapping[str | None, Value]) -> Mapped:
    items, whole = dict(of.items), of.whole
    spread = [value for name, value in named.items() if name is None]
    for each in (*given, *spread):
        if isinstance(each, Mapped):
            items |= each.items
            whole = whole and each.whole
        else:
            whole = False
    items |= {name: value for name, value in named.items() if name is not None}
    return Mapped(items, whole)


def _change_list(of: Items, method: str, given: Sequence[Value]) -> Value:
    match method, given:
        case "append", [value] if not isinstance(value, Unknown):
            return Items((*of.items, value))
        case "extend", [Items(items=items)]:
            return Items((*of.items, *items))
        case "insert", [Constant(value=int() as place), value]:
            longer = list(of.items)
            longer.insert(place, value)
            return Items(tuple(longer))
        case "clear", []:
            return Items(())
        case _:
            return UNKNOWN
