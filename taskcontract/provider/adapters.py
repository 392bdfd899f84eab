"""Adapters: what an old call means in a newer version, and a newer result or error in an old one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from celery.exceptions import TaskPredicate

from taskcontract.declare.call import Call
from taskcontract.declare.parameter import place_of
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ProviderError, TaskContractError
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from taskcontract.declare.task import Task

__all__ = ["AdapterTable", "documented"]


NEVER_MAPPED = (TaskPredicate, TaskContractError)
"""Celery's own signs (a retry, an ignored task) and our refusals stay what they are."""


@dataclass(frozen=True, slots=True)
class Upcast:
    """One step up: the adapter of `old`'s calls."""

    old: Task[..., Any]
    function: Callable[..., Call[Any]]

    def apply(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call[Any]:
        """The newer version's call; a ProviderError where the adapter returns anything else.

        What the adapter raises passes through: it is the answer to the old call.
        """
        call = self.function(*args, **kwargs)
        if not isinstance(call, Call):
            raise ProviderError(
                f"the upcaster of {self.old.id} returned {type(call).__name__} instead of a call",
                where=place_of(self.function),
                do=f"Return the newer version's call, as in `return {self.old.name}_v2.call(...)`.",
            )
        if call.task.name != self.old.name or not _is_newer(call.task, self.old):
            raise ProviderError(
                f"the upcaster of {self.old.id} returned a call of {call.task.id}",
                where=place_of(self.function),
                do=f"Return a call of a newer version of {self.old.name}.",
            )
        try:  # `call()` has checked its own; a Call that was made by hand is checked here alone
            call.task.binder.encode_call(call.args, call.kwargs)
        except (ArgumentTypeError, ArgumentValueError) as refusal:
            raise ProviderError(
                f"the upcaster of {self.old.id} returned a call that {call.task.id} refuses: {refusal.what}",
                where=place_of(self.function),
                do=f"Make it with `{call.task.__name__}.call(...)`, which type checkers check too.",
            ) from None
        return call


@dataclass(frozen=True, slots=True)
class ErrorMapping:
    """What one error of a newer version is for the callers of `old`."""

    old: Task[..., Any]
    error: type[Exception]
    function: Callable[[Any], Exception]

    def apply(self, error: Exception) -> Exception:
        """The old version's error; a ProviderError where the adapter gives one that it does not declare."""
        mapped = self.function(error)
        declared = self.old.errors or (Exception,)
        if not isinstance(mapped, declared):
            allowed = " or ".join(each.__name__ for each in declared)
            raise ProviderError(
                f"the error adapter of {self.old.id} returned {type(mapped).__name__} for "
                f"{type(error).__name__}, instead of {allowed}",
                where=place_of(self.function),
                do=f"Return one of the errors that {self.old.id} declares.",
            )
        return mapped


class AdapterTable:
    """The adapters of one provider, by the wire name of the old version."""

    def __init__(self) -> None:
        self.upcasts: dict[str, Upcast] = {}
        self.downcasts: dict[str, Callable[[Any], Any]] = {}
        self.errors: dict[str, dict[type[Exception], ErrorMapping]] = {}

    def add_upcast(self, old: Task[..., Any], function: Callable[..., Call[Any]]) -> None:
        """Adapt the calls of `old` with `function`."""
        _refuse_second(self.upcasts, old, "upcaster", function)
        self.upcasts[old.wire_name] = Upcast(old, function)

    def add_downcast(self, old: Task[..., Any], function: Callable[[Any], Any]) -> None:
        """Adapt the newer version's results for the callers of `old` with `function`."""
        _refuse_second(self.downcasts, old, "downcaster", function)
        self.downcasts[old.wire_name] = function

    def add_error(
        self, old: Task[..., Any], error: type[Exception], function: Callable[[Any], Exception]
    ) -> None:
        """Give the callers of `old` what `function` makes of a newer version's `error`."""
        if not issubclass(error, Exception) or issubclass(error, NEVER_MAPPED):
            raise ProviderError(
                f"{error.__name__} has an adapter for {old.id}, but is no error of a task's own",
                where=place_of(function),
                do="Map the errors that the newer version's implementation raises.",
            )
        mappings = self.errors.setdefault(old.wire_name, {})
        if error in mappings:
            raise ProviderError(
                f"{old.id} has two adapters of {error.__name__}",
                where=place_of(function),
                do="Keep one of the two functions.",
            )
        mappings[error] = ErrorMapping(old, error, function)

    def find_error(self, old: Task[..., Any], error: type[Exception]) -> ErrorMapping | None:
        """The adapter of the nearest base of `error` that has one for the callers of `old`."""
        mappings = self.errors.get(old.wire_name, {})
        return next((mappings[each] for each in error.__mro__ if each in mappings), None)

    def map_error(self, error: Exception, passed: Iterable[Task[..., Any]]) -> Exception:
        """`error` as the versions in `passed`, the newest first, tell it to their callers."""
        for old in passed:
            if isinstance(error, NEVER_MAPPED):
                break
            mapping = self.find_error(old, type(error))
            if mapping is not None:
                error = mapping.apply(error)
        return error


def _is_newer(task: Task[..., Any], old: Task[..., Any]) -> bool:
    return parse_version(task.version) > parse_version(old.version)


def documented(function: Callable[..., Any], what: str) -> None:
    """Raise a ProviderError if an adapter has no docstring: that text is the callers' changelog."""
    if not (function.__doc__ or "").strip():
        raise ProviderError(
            f"{what} has no docstring",
            where=place_of(function),
            do="Say in one what changes for its callers: the text becomes their changelog.",
        )


def _refuse_second(
    table: Mapping[str, object], old: Task[..., Any], what: str, function: Callable[..., Any]
) -> None:
    if old.wire_name in table:
        raise ProviderError(
            f"{old.id} has two {what}s", where=place_of(function), do="Keep one of the two functions."
        )
