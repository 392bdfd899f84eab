"""What the annotations of adapters say of the versions beside them, where that is plainly false.

It is lenient: what is not annotated, cannot be read, or is not a plain class is accepted.
"""

from __future__ import annotations

import inspect
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from taskcontract.declare.refusal import spell_type
from taskcontract.declare.task import Call
from taskcontract.provider.functions import find_place, hints_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.declare.task import Task
    from taskcontract.provider.adapters import AdapterTable, ErrorMapping, Upcast

__all__ = ["find_false_hints"]

SAYING_NOTHING = {Any, Union, UnionType}
"""Those of these that are classes to Python, in one version or another."""


def find_false_hints(adapters: AdapterTable) -> Iterator[str]:
    """Yield a line for each annotation that differs from what the adapter gets, or has to give."""
    for wire_name, upcast in adapters.upcasts.items():
        yield from _of_upcaster(upcast)
        if wire_name in adapters.downcasts:
            yield from _of_downcaster(upcast, adapters.downcasts[wire_name])
        for mapping in adapters.errors.get(wire_name, {}).values():
            yield from _of_error_adapter(mapping)


def _of_upcaster(upcast: Upcast) -> Iterator[str]:
    given = hints_of(upcast.function).get("return", Any)
    result = _result_of(upcast.target)
    inner = get_args(given)[0] if get_origin(given) is Call else Any
    if _differ(given, Call) or _differ(inner, result):
        wanted = f"Call[{spell_type(result)}]"
        yield (
            f"the upcaster of {upcast.old.id} says that it returns {spell_type(given)}, but a call of "
            f"{upcast.target.id} is a {wanted} ({find_place(upcast.function)})"
        )


def _of_downcaster(upcast: Upcast, function: Callable[[Any], Any]) -> Iterator[str]:
    hints = hints_of(function)
    for name, task, verb in (
        (_first_parameter(function), upcast.target, "takes"),
        ("return", upcast.old, "returns"),
    ):
        given, declared = hints.get(name, Any), _result_of(task)
        if _differ(declared, given) if verb == "takes" else _differ(given, declared):
            yield (
                f"the downcaster of {upcast.old.id} says that it {verb} {spell_type(given)}, but {task.id} "
                f"returns {spell_type(declared)} ({find_place(function)})"
            )


def _of_error_adapter(mapping: ErrorMapping) -> Iterator[str]:
    old, function = mapping.old, mapping.function
    hints = hints_of(function)
    given = hints.get(_first_parameter(function), Any)
    if _differ(mapping.error, given):
        yield (
            f"the adapter of {mapping.error.__name__} for {old.id} says that it takes {spell_type(given)} "
            f"({find_place(function)})"
        )
    given, declared = hints.get("return", Any), old.errors or (Exception,)
    if all(_differ(given, each) for each in declared):
        allowed = " or ".join(each.__name__ for each in declared)
        yield (
            f"the adapter of {mapping.error.__name__} for {old.id} says that it returns "
            f"{spell_type(given)}, instead of {allowed} ({find_place(function)})"
        )


def _result_of(task: Task[..., Any]) -> Any:
    return hints_of(task.function).get("return", Any)


def _first_parameter(function: Callable[..., Any]) -> str:
    return next(iter(inspect.signature(function).parameters))


def _differ(given: Any, wanted: Any) -> bool:
    """Return whether a value of the class `given` is plainly none of the class `wanted`.

    Either may be the other's subclass, and an int is accepted for any number.
    """
    one, other = get_origin(given) or given, get_origin(wanted) or wanted
    if not isinstance(one, type) or not isinstance(other, type) or {one, other} & SAYING_NOTHING:
        return False
    if one is int and other in (float, complex):
        return False
    try:
        return not issubclass(one, other) and not issubclass(other, one)
    except TypeError:  # protocols and typed dicts answer for no class
        return False
