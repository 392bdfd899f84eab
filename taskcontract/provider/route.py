"""The way of one message: decoded, adapted upwards, served, adapted downwards, encoded."""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from taskcontract.declare.describe import describe_value
from taskcontract.declare.parameter import place_of
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ProviderError, ResultValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json
    from taskcontract.provider.adapters import AdapterTable

__all__ = ["Implementation", "Route"]

_passed: ContextVar[tuple[Task[..., Any], ...]] = ContextVar("taskcontract_passed", default=())
"""The old versions, newest first, that the error which is on its way belongs to none of."""


class Implementation:
    """The hand-written function of one version, and the Celery options that it runs with."""

    def __init__(
        self, task: Task[..., Any], function: Callable[..., Any], *, bind: bool, options: Mapping[str, Any]
    ) -> None:
        self.task = task
        self.function = function
        self.bind = bind
        self.options = dict(options)

    def run(self, celery_task: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """What the function returns; with `bind` it gets `celery_task` as its first argument."""
        return self.function(celery_task, *args, **kwargs) if self.bind else self.function(*args, **kwargs)


class Route:
    """How the messages of one wire name are served, from an old version up to an implemented one."""

    def __init__(
        self,
        task: Task[..., Any],
        implementations: Mapping[str, Implementation],
        adapters: AdapterTable,
    ) -> None:
        self.task = task
        self._implementations = implementations
        self._adapters = adapters

    def serve(self, celery_task: Any, args: tuple[Json, ...], kwargs: Mapping[str, Json]) -> Json:
        """The JSON result for a message's arguments.

        The errors of `Binder.decode_call` where they are outside the contract; a ResultValueError
        where the provider's own result is.
        """
        passed: list[Task[..., Any]] = []
        try:
            result = self._answer(celery_task, args, kwargs, passed)
        except Exception:
            _passed.set(tuple(reversed(passed)))
            raise
        return self.task.binder.result.encode(result)

    def encode_retry(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Sequence[Json], Mapping[str, Json]]:
        """The JSON form of the arguments that a retry names itself, typed or as a message has them.

        A retry of an old call stays an old call: a ProviderError where it names a newer one's.
        """
        binder = self.task.binder
        with suppress(ArgumentTypeError, ArgumentValueError):
            args, kwargs = binder.decode_call(args, kwargs)
        try:
            return binder.encode_call(args, kwargs)
        except (ArgumentTypeError, ArgumentValueError) as refusal:
            raise ProviderError(
                f"a retry of {self.task.id} names arguments that it does not take: {refusal.what}",
                do="Let `self.retry()` keep the arguments: the call may be an older version's.",
            ) from None

    def map_error(self, error: Exception) -> Exception:
        """What the callers of this version are told of an `error` that `serve` raised last.

        It is a step of its own, as Celery's autoretry stands in between and looks for the errors of
        the implementation.
        """
        return self._adapters.map_error(error, _passed.get())

    def _answer(
        self,
        celery_task: Any,
        args: tuple[Json, ...],
        kwargs: Mapping[str, Json],
        passed: list[Task[..., Any]],
    ) -> Any:
        """The typed result; `passed` holds the old versions that what is raised is foreign to."""
        task = self.task
        typed, named = task.binder.decode_call(args, kwargs)
        while (implementation := self._implementations.get(task.wire_name)) is None:
            upcast = self._adapters.upcasts.get(task.wire_name)
            if upcast is None:
                raise ProviderError(
                    f"{self.task.id} leads to {task.id}, which is neither implemented nor adapted",
                    do=f"Declare @provider.implements or @provider.upcasts for {task.id}.",
                )
            call = upcast.apply(typed, named)
            passed.append(task)
            task, typed, named = call.task, call.args, call.kwargs
        result = implementation.run(celery_task, typed, named)
        _checked(task, result, implementation.function)
        while passed:
            old = passed.pop()
            downcast = self._adapters.downcasts.get(old.wire_name)
            if downcast is not None:
                result = downcast(result)
                _checked(old, result, downcast)
        return result


def _checked(task: Task[..., Any], result: Any, function: Callable[..., Any]) -> None:
    """Raise a ResultValueError where `result` is not what `task` declares."""
    codec = task.binder.result
    try:
        codec.check(result)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise ResultValueError(
            f"it returned {describe_value(result)}, but {task.id} declares {spell_type(codec.annotation)}"
            f" ({first['msg']})",
            where=place_of(function),
            do="Return the declared type, or declare a new version of the task.",
        ) from None
