"""Follow a function of the project with known arguments, to see what it returns and which tasks it makes.

Only what shapes a decorator is followed: assignments, dicts that are filled, branches, loops over what is
known.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taskcontract.extract.static.conditions import truth
from taskcontract.extract.static.modules import Scope
from taskcontract.extract.static.values import (
    UNKNOWN,
    Class,
    Constant,
    Function,
    Instance,
    Items,
    Mapped,
    Member,
    Passed,
    Super,
    TaskMaker,
    TaskValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.extract.static.evaluating import Evaluating

__all__ = ["assign", "bind_arguments", "follow", "run_function"]

MOST_ROUNDS = 200
"""Rounds of a loop that are followed."""
MOST_CALLS = 10
"""Functions of a project that are followed into each other."""


@dataclass(slots=True)
class Run:
    """How far a body has been followed: what it returned, where it did."""

    returned: list[Value] = field(default_factory=list)
    ended: bool = False


def run_function(evaluator: Evaluating, function: Function, passed: Passed) -> Value:
    """Return what calling `function` gives."""
    node = function.node
    if evaluator.calls >= MOST_CALLS or not evaluator.is_worth_following(node):
        return UNKNOWN
    inner = Scope(function.scope.module, [] if isinstance(node, ast.Lambda) else node.body, function.scope)
    if function.owner is not None:
        passed = Passed((function.owner, *passed.positional), passed.keywords, passed.whole)
    inner.values = bind_arguments(evaluator, node.args, passed, function.scope)
    if function.within is not None:
        inner.values[" super"] = Super(function.within, function.owner)
    evaluator.calls += 1
    try:
        if isinstance(node, ast.Lambda):
            return evaluator.evaluate(node.body, inner)
        run = Run()
        follow(evaluator, node.body, inner, run)
        return _choose(run.returned)
    finally:
        evaluator.calls -= 1


def _choose(returned: Sequence[Value]) -> Value:
    """Return the value that says most: a task, then what makes one, then a function."""
    for kinds in ((TaskValue,), (TaskMaker,), (Function, Class), (Instance, Constant, Mapped, Items)):
        for value in returned:
            if isinstance(value, kinds) and value != Constant(None):
                return value
    return returned[0] if returned else Constant(None)


def bind_arguments(
    evaluator: Evaluating, arguments: ast.arguments, passed: Passed, scope: Scope
) -> dict[str, Value]:
    """Return each parameter -> what it is given, or its default."""
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    values: dict[str, Value] = dict(zip(names, passed.positional, strict=False))
    given = dict(passed.keywords)
    defaults = dict(zip(names[len(names) - len(arguments.defaults) :], arguments.defaults, strict=True))
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        names.append(each.arg)
        if default is not None:
            defaults[each.arg] = default
    for name in names:
        if name in given:
            values[name] = given.pop(name)
        elif name not in values:
            default = defaults.get(name)
            values[name] = evaluator.evaluate(default, scope) if default and passed.whole else UNKNOWN
    if arguments.vararg is not None:
        places = len(arguments.posonlyargs) + len(arguments.args)
        values[arguments.vararg.arg] = Items(passed.positional[places:])
    if arguments.kwarg is not None:
        values[arguments.kwarg.arg] = Mapped(given, passed.whole)
    return values


def follow(evaluator: Evaluating, body: Sequence[ast.stmt], scope: Scope, run: Run) -> None:
    """Follow the statements of `body`, changing `scope.values`, until one returns."""
    for statement in body:
        evaluator.steps += 1
        _follow(evaluator, statement, scope, run)
        if run.ended:
            return


def _follow(evaluator: Evaluating, statement: ast.stmt, scope: Scope, run: Run) -> None:
    match statement:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            if isinstance(statement, ast.Return):
                value = statement.value
                run.returned.append(Constant(None) if value is None else evaluator.evaluate(value, scope))
            run.ended = True
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            _assign(evaluator, statement, scope)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            _define(evaluator, statement, scope)
        case ast.Expr():
            evaluator.evaluate(statement.value, scope)
        case ast.If():
            _branch(evaluator, statement, scope, run)
        case ast.For():
            _loop(evaluator, statement, scope, run)
        case ast.With() | ast.AsyncWith() | ast.Try() | ast.TryStar():
            follow(evaluator, statement.body, scope, run)
            if isinstance(statement, (ast.Try, ast.TryStar)) and not run.ended:
                follow(evaluator, statement.orelse, scope, run)
        case _:
            pass


def _assign(
    evaluator: Evaluating, statement: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: Scope
) -> None:
    if isinstance(statement, ast.AugAssign):
        sum_ = ast.BinOp(statement.target, statement.op, statement.value)
        assign(evaluator, statement.target, evaluator.evaluate(sum_, scope), scope)
    elif statement.value is not None:
        value = evaluator.evaluate(statement.value, scope)
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            assign(evaluator, target, value, scope)


def _define(
    evaluator: Evaluating, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope
) -> None:
    value: Value
    if isinstance(node, ast.ClassDef):
        value = Class(node, scope, Scope(scope.module, node.body, scope, is_class=True))
    else:
        value = Function(node, scope)
    scope.values[node.name] = evaluator.decorated(value, node, scope)


def _branch(evaluator: Evaluating, statement: ast.If, scope: Scope, run: Run) -> None:
    test = truth(evaluator, statement.test, scope)
    if test is not None:
        follow(evaluator, statement.body if test else statement.orelse, scope, run)
        return
    either = Run()
    follow(evaluator, statement.body, scope, either)
    other = Run()
    follow(evaluator, statement.orelse, scope, other)
    run.returned += either.returned + other.returned
    run.ended = either.ended and other.ended


def _loop(evaluator: Evaluating, statement: ast.For, scope: Scope, run: Run) -> None:
    over = evaluator.evaluate(statement.iter, scope)
    if isinstance(over, Mapped):
        over = Items(tuple(map(Constant, over.items)))
    rounds = over.items[:MOST_ROUNDS] if isinstance(over, Items) else (UNKNOWN,)
    for item in rounds:
        assign(evaluator, statement.target, item, scope)
        inner = Run()
        follow(evaluator, statement.body, scope, inner)
        if inner.returned:
            run.returned += inner.returned
            return


def assign(evaluator: Evaluating, target: ast.expr, value: Value, scope: Scope) -> None:
    """Bind `target` to `value`: a name, an item of a dict, an attribute of an instance, several of them."""
    match target:
        case ast.Name():
            scope.values[target.id] = value
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            items = value.items if isinstance(value, Items) else ()
            for index, part in enumerate(parts):
                assign(evaluator, part, items[index] if index < len(items) else UNKNOWN, scope)
        case ast.Subscript(value=of, slice=key):
            _set_item(evaluator, evaluator.evaluate(of, scope), evaluator.evaluate(key, scope), value)
        case ast.Attribute(value=of, attr=attribute):
            _set_attribute(evaluator.evaluate(of, scope), attribute, value)
        case _:
            pass


def _set_item(evaluator: Evaluating, of: Value, key: Value, value: Value) -> None:
    if not isinstance(key, Constant) or not isinstance(key.value, str):
        return
    if isinstance(of, Mapped):
        of.items[key.value] = value
    elif isinstance(of, Member) and of.name == "tasks":
        _register_as(evaluator, key, value)


def _set_attribute(of: Value, name: str, value: Value) -> None:
    if isinstance(of, Instance):
        of.attributes[name] = value
    elif isinstance(of, Function) and name == "__wrapped__":
        of.wraps = value
    elif isinstance(of, Function) and name == "__name__" and isinstance(value, Constant):
        of.name = str(value.value)


def _register_as(evaluator: Evaluating, name: Constant, value: Value) -> None:
    """Note that `<app>.tasks[name] = value` gives a task one more name."""
    if isinstance(value, TaskValue):
        evaluator.made.append(
            TaskValue(value.target, Mapped({**value.options.items, "name": name}), value.app)
        )
    elif isinstance(value, Member) and value.name.startswith("["):
        evaluator.made.append(TaskValue(Constant(value.name[1:-1]), Mapped({"name": name})))
    else:
        evaluator.made.append(TaskValue(value, Mapped({"name": name})))
