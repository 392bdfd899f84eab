"""What a call gives: makers of tasks, the project's own wrappers, partials, classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import find_in_class, get_attribute
from taskcontract.extract.static.known import WRAPPERS, is_maker, is_register
from taskcontract.extract.static.running import run_function
from taskcontract.extract.static.texts import join
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
    Partial,
    Passed,
    Super,
    TaskMaker,
    TaskValue,
    Value,
)

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.modules import Scope

__all__ = ["decorate", "invoke"]

UNCHANGING = frozenset({"builtins.staticmethod", "builtins.classmethod", "celery.local.Proxy"})
"""What gives back what it is given, for our purposes."""


def decorate(evaluator: Evaluating, decorator: Value, value: Value, scope: Scope) -> Value:
    """Return what `decorator` makes of `value`; one that is not known leaves it as it is, as most do."""
    made = invoke(evaluator, decorator, Passed((value,)), scope)
    return made if isinstance(made, (TaskValue, Function, Instance, Class)) and _says_more(made) else value


def _says_more(made: Value) -> bool:
    return not isinstance(made, Instance) or isinstance(made.of, Class)


def invoke(evaluator: Evaluating, callee: Value, passed: Passed, scope: Scope) -> Value:
    """Return what calling `callee` gives; tasks that it makes on the way are in `evaluator.made`."""
    if is_maker(evaluator, callee):
        return _make(evaluator, TaskMaker(Mapped({}), _app_of(callee)), passed)
    if passed.positional and is_register(evaluator, callee, passed.positional[0]):
        return _register(evaluator, passed.positional[0], _app_of(callee))
    match callee:
        case TaskMaker():
            return _make(evaluator, callee, passed)
        case Function():
            return run_function(evaluator, callee, passed)
        case Partial(function=function, passed=first):
            merged = Passed(
                first.positional + passed.positional,
                {**first.keywords, **passed.keywords},
                first.whole and passed.whole,
            )
            return invoke(evaluator, function, merged, scope)
        case External():
            return _invoke_external(evaluator, callee, passed, scope)
        case Class():
            return _instantiate(evaluator, callee, passed)
        case Instance():
            return _invoke_instance(evaluator, callee, passed)
        case Member():
            return _invoke_member(evaluator, callee, passed, scope)
        case _:
            return Instance(callee, passed)


def _invoke_instance(evaluator: Evaluating, callee: Instance, passed: Passed) -> Value:
    if isinstance(callee.of, External) and callee.of.path in WRAPPERS and passed.positional:
        return _wrap(callee.passed, passed)
    if isinstance(callee.of, Class):
        method = get_attribute(evaluator, callee, "__call__")
        return run_function(evaluator, method, passed) if isinstance(method, Function) else UNKNOWN
    return Instance(callee, passed)


def _app_of(callee: Value) -> Value | None:
    """Return the app whose `task`, `register_task` or `tasks.register` is called; None for `shared_task`."""
    while isinstance(callee, Member):
        callee = callee.of
    return callee if isinstance(callee, Instance) else None


def _make(evaluator: Evaluating, maker: TaskMaker, passed: Passed) -> Value:
    """Return the task of the function that is passed, or what makes one of the function to come."""
    options = maker.options
    merged = Mapped({**options.items, **passed.keywords}, options.whole and passed.whole)
    target = passed.positional[0] if passed.positional else None
    if isinstance(target, Constant):  # `task(None, name=...)`, or a name in the wrong place
        target = None
    if target is None:
        return TaskMaker(merged, maker.app)
    task = TaskValue(target, merged, maker.app)
    evaluator.made.append(task)
    return task


def _register(evaluator: Evaluating, target: Value, app: Value | None) -> Value:
    """Return the task that is registered, an instance of a class or the class itself."""
    if isinstance(target, TaskValue):
        return target
    task = TaskValue(target, Mapped({}), app)
    evaluator.made.append(task)
    return task


def _invoke_external(evaluator: Evaluating, callee: External, passed: Passed, scope: Scope) -> Value:
    first = passed.positional[0] if passed.positional else None
    second = passed.positional[1] if len(passed.positional) > 1 else None
    match callee.path, first, second:
        case "builtins.super", _, _:
            return _super_in(scope)
        case "builtins.dict", _, _:
            base = first if isinstance(first, Mapped) else Mapped({}, whole=first is None)
            return Mapped({**base.items, **passed.keywords}, base.whole and passed.whole)
        case _, None, _:
            return Instance(callee, passed)
        case "functools.partial", _, _:
            return Partial(first, Passed(passed.positional[1:], passed.keywords, passed.whole))
        case "functools.update_wrapper", _, _ if second is not None:
            return _wrap(Passed((second,)), passed)
        case "venusian.attach", _, Function():
            invoke(evaluator, second, Passed((UNKNOWN, UNKNOWN, first)), scope)
            return UNKNOWN
        case path, _, _ if path in UNCHANGING:
            return first
        case _:
            return _invoke_builtin(evaluator, callee, passed)


def _invoke_builtin(evaluator: Evaluating, callee: External, passed: Passed) -> Value:
    match callee.path, passed.positional:
        case "builtins.str", (Constant(value=value),):
            return Constant(str(value))
        case "builtins.len", (Items(items=items) | Mapped(items=items, whole=True),):
            return Constant(len(items))
        case "builtins.callable", (Function() | Class() | TaskValue(),):
            return Constant(True)
        case "builtins.callable", (Constant() | Items() | Mapped(),):
            return Constant(False)
        case "builtins.getattr", (of, Constant(value=str() as name), *_):
            return get_attribute(evaluator, of, name)
        case _:
            return Instance(callee, passed)


def _wrap(wrapped: Passed, passed: Passed) -> Value:
    """Return the function that is passed, looking like the one that it wraps."""
    outer, inner = passed.positional[0], wrapped.positional[0] if wrapped.positional else UNKNOWN
    if isinstance(outer, Function):
        return Function(outer.node, outer.scope, inner, outer.owner, outer.within)
    return outer


def _super_in(scope: Scope) -> Value:
    inner: Scope | None = scope
    while inner is not None:
        for value in inner.values.values():
            if isinstance(value, Super):
                return value
        inner = inner.parent
    return UNKNOWN


def _instantiate(evaluator: Evaluating, callee: Class, passed: Passed) -> Value:
    instance = Instance(callee, passed)
    start = find_in_class(evaluator, callee, "__init__")
    if isinstance(start, Function):
        bound = Function(start.node, start.scope, owner=instance, within=callee)
        run_function(evaluator, bound, passed)
    return instance


def _invoke_member(evaluator: Evaluating, callee: Member, passed: Passed, scope: Scope) -> Value:
    of, name = callee.of, callee.name
    match of:
        case Constant(value=str() as text) if name == "join" and passed.positional:
            return join(text, passed.positional[0])
        case Constant(value=str() as text) if name == "format":
            return _format(text, passed)
        case Constant(value=str() as text) if name in {"lower", "upper", "strip"} and not passed.positional:
            return Constant(getattr(text, name)())
        case Mapped():
            return _change(of, name, passed)
        case Items() if name in {"copy"}:
            return of
        case _:
            return Instance(callee, passed)


def _format(text: str, passed: Passed) -> Value:
    values = [each.value for each in passed.positional if isinstance(each, Constant)]
    named = {name: each.value for name, each in passed.keywords.items() if isinstance(each, Constant)}
    if len(values) < len(passed.positional) or len(named) < len(passed.keywords) or ":" in text:
        return UNKNOWN
    try:
        return Constant(text.format(*map(str, values), **{name: str(value) for name, value in named.items()}))
    except (IndexError, KeyError, ValueError, AttributeError):
        return UNKNOWN


def _change(of: Mapped, name: str, passed: Passed) -> Value:
    """Return what a method of a dict gives, which is changed in place where the method does so."""
    key = passed.positional[0] if passed.positional else None
    value = passed.positional[1] if len(passed.positional) > 1 else Constant(None)
    text = key.value if isinstance(key, Constant) and isinstance(key.value, str) else None
    match name:
        case "copy":
            return Mapped(dict(of.items), of.whole)
        case "update":
            if isinstance(key, Mapped):
                of.items.update(key.items)
                of.whole = of.whole and key.whole
            of.items.update(passed.keywords)
            return Constant(None)
        case "setdefault" if text is not None:
            return of.items.setdefault(text, value)
        case "pop" if text is not None:
            return of.items.pop(text, value)
        case "get" if text is not None:
            return of.items.get(text, value)
        case "items":
            return Items(tuple(Items((Constant(key), value)) for key, value in of.items.items()))
        case "values":
            return Items(tuple(of.items.values()))
        case "keys":
            return Items(tuple(map(Constant, of.items)))
        case _:
            return UNKNOWN
