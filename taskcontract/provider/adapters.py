"""Adapters: what an old call means in a newer version, and a newer result or error in an old one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.declare.task import Call
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ProviderError
from taskcontract.provider.adapter_errors import NEVER_MAPPED, AdapterAnswerError, raise_judged
from taskcontract.provider.functions import find_place
from taskcontract.provider.versions import newer_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from taskcontract.declare.task import Task

__all__ = ["AdapterTable", "ErrorMapping", "Upcast", "require_mappable"]


@dataclass(frozen=True, slots=True)
class Upcast:
    """One step up: what adapts the calls of `old` to those of `target`, a newer version."""

    old: Task[..., Any]
    target: Task[..., Any]
    function: Callable[..., Call[Any]]

    def apply(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call[Any]:
        """Return the target's call.

        Raises an AdapterAnswerError for an error that `old` declares; a ProviderError for any other, and for
        a result that is not a call of the target.
        """
        try:
            call = self.function(*args, **kwargs)
        except Exception as error:  # whatever the adapter's own code raises
            raise_judged(error, "upcaster", self.old, self.function)
        if not isinstance(call, Call):
            raise ProviderError(
                f"the upcaster of {self.old.id} returned {type(call).__name__} instead of a call",
                where=find_place(self.function),
                do=f"Return the newer version's call, as in `return {self.target.__name__}.call(...)`.",
            )
        if call.task.wire_name != self.target.wire_name:
            raise self._refuse_task(call.task)
        try:  # `call()` has checked its own; a Call that was made by hand is checked here alone
            self.target.binder.encode_call(call.args, call.kwargs)
        except (ArgumentTypeError, ArgumentValueError) as refusal:
            raise ProviderError(
                f"the upcaster of {self.old.id} returned a call that {self.target.id} refuses: "
                f"{refusal.what}",
                where=find_place(self.function),
                do=f"Make it with `{self.target.__name__}.call(...)`, which type checkers check too.",
            ) from None
        return call

    def _refuse_task(self, task: Task[..., Any]) -> ProviderError:
        newer = task in newer_versions(self.old)
        return ProviderError(
            f"the upcaster of {self.old.id} returned a call of {task.id} instead of {self.target.id}",
            where=find_place(self.function),
            do=f"Say so: @provider.upcasts({self.old.__name__}, to={task.__name__})."
            if newer
            else f"Return `{self.target.__name__}.call(...)`.",
        )


@dataclass(frozen=True, slots=True)
class ErrorMapping:
    """What one error of a newer version is for the callers of `old`."""

    old: Task[..., Any]
    error: type[Exception]
    function: Callable[[Any], Exception]

    def apply(self, error: Exception) -> Exception:
        """Return the old version's error that the adapter returned or raised; a ProviderError for others."""
        try:
            mapped = self.function(error)
        except Exception as raised:  # whatever the adapter's own code raises
            try:
                raise_judged(raised, "error adapter", self.old, self.function)
            except AdapterAnswerError as answer:
                return answer.error
        declared = self.old.errors or (Exception,)
        if not isinstance(mapped, declared):
            allowed = " or ".join(each.__name__ for each in declared)
            raise ProviderError(
                f"the error adapter of {self.old.id} returned {type(mapped).__name__} for "
                f"{type(error).__name__}, instead of {allowed}",
                where=find_place(self.function),
                do=f"Return one of the errors that {self.old.id} declares.",
            )
        return mapped


class AdapterTable:
    """The adapters of one provider, by the wire name of the old version."""

    def __init__(self) -> None:
        self.upcasts: dict[str, Upcast] = {}
        self.downcasts: dict[str, Callable[[Any], Any]] = {}
        self.downcast_targets: dict[str, Task[..., Any]] = {}
        """The newer version whose results a downcaster takes, where its declaration names one."""
        self.errors: dict[str, dict[type[Exception], ErrorMapping]] = {}

    def add_upcast(
        self, old: Task[..., Any], target: Task[..., Any], function: Callable[..., Call[Any]]
    ) -> None:
        """Adapt the calls of `old` to those of `target` with `function`."""
        self.upcasts[old.wire_name] = Upcast(old, target, function)

    def add_downcast(
        self, old: Task[..., Any], target: Task[..., Any] | None, function: Callable[[Any], Any]
    ) -> None:
        """Adapt the newer version's results for the callers of `old` with `function`."""
        if old.wire_name in self.downcasts:
            raise _refuse_second(old, "downcasters", function)
        self.downcasts[old.wire_name] = function
        if target is not None:
            self.downcast_targets[old.wire_name] = target

    def add_error(
        self, old: Task[..., Any], error: type[Exception], function: Callable[[Any], Exception]
    ) -> None:
        """Give the callers of `old` what `function` makes of a newer version's `error`."""
        mappings = self.errors.setdefault(old.wire_name, {})
        if error in mappings:
            raise _refuse_second(old, f"adapters of {error.__name__}", function)
        mappings[error] = ErrorMapping(old, error, function)

    def find_error(self, old: Task[..., Any], error: type[Exception]) -> ErrorMapping | None:
        """Return the adapter of the nearest base of `error` that has one for the callers of `old`."""
        mappings = self.errors.get(old.wire_name, {})
        return next((mappings[each] for each in error.__mro__ if each in mappings), None)

    def map_error(self, error: Exception, passed: Iterable[Task[..., Any]]) -> Exception:
        """Return `error` as the versions in `passed`, the newest first, tell it to their callers."""
        for old in passed:
            if isinstance(error, NEVER_MAPPED):
                break
            mapping = self.find_error(old, type(error))
            if mapping is not None:
                error = mapping.apply(error)
        return error


def require_mappable(old: Task[..., Any], errors: tuple[type[Exception], ...]) -> None:
    """Raise a ProviderError unless `errors` are classes of which a task may raise its own, one at least."""
    if not errors:
        raise ProviderError(
            f"maps_error({old.__name__}) names no error", do="Name those that its callers do not know."
        )
    for error in errors:
        is_class = isinstance(error, type)
        if not is_class or not issubclass(error, Exception) or issubclass(error, NEVER_MAPPED):
            raise ProviderError(
                f"{error.__name__ if is_class else repr(error)} has an adapter for {old.id}, but is not a "
                "class of a task's own errors",
                do="Map the errors that the newer version's implementation raises.",
            )


def _refuse_second(old: Task[..., Any], what: str, function: Callable[..., Any]) -> ProviderError:
    return ProviderError(
        f"{old.id} has two {what}", where=find_place(function), do="Keep one of the two functions."
    )
