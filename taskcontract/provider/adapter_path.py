"""The path of a version: through which adapters its calls reach the code that serves them, and come back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from taskcontract.declare.describe import show_value
from taskcontract.declare.refusal import say_spot, spell_type
from taskcontract.errors import ProviderError, ResultValueError
from taskcontract.provider.adapter_errors import raise_judged
from taskcontract.provider.functions import find_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskcontract.declare.task import Task
    from taskcontract.model.contract import ProviderState
    from taskcontract.provider.adapters import AdapterTable, Upcast

__all__ = ["AdapterPath", "Implementation", "Step", "find_path", "refuse_second"]


class Implementation:
    """The hand-written function of one version, and the Celery options that it runs with."""

    def __init__(
        self,
        task: Task[..., Any],
        function: Callable[..., Any],
        *,
        bind: bool,
        options: Mapping[str, Any],
        examples: tuple[ProviderState, ...] | None = (),
        replaces: Any = None,
    ) -> None:
        self.task = task
        self.function = function
        self.bind = bind
        self.options = dict(options)
        self.replaces = replaces
        """The Celery task that served its calls before it had a binding, if one did."""
        self.examples = examples
        """The provider states in which calls that are made up may be sent; None where none may."""

    def run(self, celery_task: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Return the function's result; raise a ResultValueError if it is not of the declared type.

        With `bind` the function gets `celery_task` as its first argument.
        """
        function = self.function
        result = function(celery_task, *args, **kwargs) if self.bind else function(*args, **kwargs)
        _check_result(self.task, result, function, "Return the declared type")
        return result


@dataclass(frozen=True)
class Step:
    """One step of a path: up with a call, down with its result."""

    upcast: Upcast
    downcast: Callable[[Any], Any] | None

    def adapt(self, result: Any) -> Any:
        """Return the target's `result` as callers of the old version get it; errors as in `Upcast.apply`."""
        downcast = self.downcast
        if downcast is None:
            return result
        try:
            return downcast(result)
        except Exception as error:  # whatever the adapter's own code raises
            raise_judged(error, "downcaster", self.upcast.old, downcast)

    def down(self, result: Any) -> Any:
        """Return as `adapt`; raise a ResultValueError where that is outside the old version's type."""
        adapted = self.adapt(result)
        if not self.keeps_type:
            old, function = self.upcast.old, self.downcast or self.upcast.function
            do = "Return the declared type" if self.downcast else f"Add @provider.downcasts({old.__name__})"
            _check_result(old, adapted, function, do)
        return adapted

    @cached_property
    def keeps_type(self) -> bool:
        """Whether a result of the target is one of the old version without being looked at."""
        old, target = self.upcast.old.binder.result, self.upcast.target.binder.result
        return self.downcast is None and bool(old.annotation == target.annotation)


@dataclass(frozen=True)
class AdapterPath:
    """From the version `task`, by `steps`, to the version `end` and the `implementation` that it has.

    It only goes to newer versions, so it ends. Without an implementation it is a dead end.
    """

    task: Task[..., Any]
    steps: tuple[Step, ...]
    end: Task[..., Any]
    found: Implementation | None

    @property
    def implementation(self) -> Implementation:
        """What serves the calls; a ProviderError at a dead end."""
        if self.found is None:
            raise ProviderError(
                f"{self.task.id} leads to {self.end.id}, which is neither implemented nor adapted",
                do=f"Declare @provider.implements or @provider.upcasts for {self.end.id}.",
            )
        return self.found


def find_path(
    task: Task[..., Any], implementations: Mapping[str, Implementation], adapters: AdapterTable
) -> AdapterPath:
    """Return the path of `task`, as far as it is declared."""
    steps: list[Step] = []
    end = task
    while end.wire_name not in implementations and end.wire_name in adapters.upcasts:
        upcast = adapters.upcasts[end.wire_name]
        steps.append(Step(upcast, adapters.downcasts.get(end.wire_name)))
        end = upcast.target
    return AdapterPath(task, tuple(steps), end, implementations.get(end.wire_name))


def refuse_second(path: AdapterPath, function: Callable[..., Any]) -> None:
    """Raise a ProviderError, at `function`, if the calls of a version have a way to go already."""
    if path.steps:
        first, how = path.steps[0].upcast.function, "adapted"
    elif path.found is not None:
        first, how = path.found.function, "implemented"
    else:
        return
    raise ProviderError(
        f"{path.task.id} is {how} already, by {find_place(first)}",
        where=find_place(function),
        do="Keep one of the two functions: a version is either implemented or adapted.",
    )


def _check_result(task: Task[..., Any], result: Any, function: Callable[..., Any], do: str) -> None:
    codec = task.binder.result
    try:
        codec.check(result)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        spot = say_spot(first["loc"])
        why = "" if codec.holds_secrets else f" ({f'at {spot}: ' if spot else ''}{first['msg']})"
        raise ResultValueError(
            f"it returned {show_value(result, codec)}, but {task.id} declares "
            f"{spell_type(codec.annotation)}{why}",
            where=find_place(function),
            do=f"{do}, or declare a new version of the task.",
        ) from None
