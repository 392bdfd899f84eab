"""Checks whether a function takes the calls of the version that it shall serve."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from taskcontract.declare.task import Task
from taskcontract.diff.calls import compare_calls
from taskcontract.errors import ProviderError
from taskcontract.provider.functions import find_place, name_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["require_adapter", "require_documented", "require_fit"]

Parameter = inspect.Parameter
NO_TASK = "Leave `self` out: an adapter gets no task, whatever serves the version that it leads to."


def require_fit(task: Task[..., Any], function: Callable[..., Any], *, bind: bool | None = None) -> None:
    """Raise a ProviderError where a call of `task` is refused by `function`, or lands in other parameters.

    With `bind` the function's first parameter is Celery's; None is for an adapter, which has no such one.
    A function of `*args` and `**kwargs` alone takes everything.
    """
    signature = _signature_of(function, f"what serves {task.id}")
    parameters = list(signature.parameters.values())[1 if bind else 0 :]
    if [parameter.kind for parameter in parameters] == [Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD]:
        return
    comparison = compare_calls(task.signature_of_function, signature.replace(parameters=parameters))
    if comparison.verdict != "included":
        raise ProviderError(
            f"{name_of(function)} does not take the calls of {task.id}: {comparison.reason}",
            where=find_place(function),
            do=_say_bind(task, signature, bind=bind)
            or f"Give it the parameters that {task.id} declares: {task.signature_of_function}.",
        )


def _say_bind(task: Task[..., Any], signature: inspect.Signature, *, bind: bool | None) -> str:
    """Return what to do about a first parameter that is the task in the one place and not in the other."""
    if _takes_self(signature):
        unbound = f"Write @provider.implements({task.__name__}, bind=True): without it `self` is a parameter."
        return NO_TASK if bind is None else "" if bind else unbound
    if bind and compare_calls(task.signature_of_function, signature).verdict == "included":
        return "Leave bind=True out, or put `self` in front: the first parameter gets the task."
    return ""


def _takes_self(signature: inspect.Signature) -> bool:
    return next(iter(signature.parameters), "") == "self"


def require_adapter(function: Callable[..., Any], what: str) -> None:
    """Raise a ProviderError unless an adapter, called `what`, takes one value and is documented."""
    require_documented(function, what)
    signature = _signature_of(function, what)
    try:
        signature.bind(None)
    except TypeError as error:
        raise ProviderError(
            f"{what} cannot be called with one argument: {error}",
            where=find_place(function),
            do=NO_TASK
            if _takes_self(signature)
            else "Give it one parameter: what the newer version returned or raised.",
        ) from None


def require_documented(function: Callable[..., Any], what: str) -> None:
    """Raise a ProviderError if an adapter has no docstring: that text is the callers' changelog."""
    _require_callable(function, what)
    if not text_of(function):
        raise ProviderError(
            f"{what} has no docstring",
            where=find_place(function),
            do="Say in one what changes for its callers: the text becomes their changelog.",
        )


def _signature_of(function: Callable[..., Any], what: str) -> inspect.Signature:
    _require_callable(function, what)
    try:
        return inspect.signature(function)
    except ValueError as error:  # some of Python's own functions have none
        raise ProviderError(
            f"the parameters of {what} cannot be read: {error}",
            where=find_place(function),
            do="Write a function around it.",
        ) from None


def _require_callable(function: object, what: str) -> None:
    if not callable(function) or isinstance(function, Task):  # a Task's own call says how to send one
        raise ProviderError(f"{what} is {function!r}, which cannot be called", do="Decorate a function.")
