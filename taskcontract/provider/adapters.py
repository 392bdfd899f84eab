"""Adapters: what an old call means in a newer version, and a newer result in an old one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.declare.call import Call
from taskcontract.declare.parameter import place_of
from taskcontract.errors import ProviderError
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskcontract.declare.task import Task

__all__ = ["AdapterTable", "documented"]


@dataclass(frozen=True, slots=True)
class Upcast:
    """One step up: the adapter of `old`'s calls."""

    old: Task[..., Any]
    function: Callable[..., Call[Any]]

    def apply(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call[Any]:
        """The newer version's call; a ProviderError where the adapter returns anything else."""
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
        return call


class AdapterTable:
    """The adapters of one provider, by the wire name of the old version."""

    def __init__(self) -> None:
        self.upcasts: dict[str, Upcast] = {}
        self.downcasts: dict[str, Callable[[Any], Any]] = {}

    def add_upcast(self, old: Task[..., Any], function: Callable[..., Call[Any]]) -> None:
        """Adapt the calls of `old` with `function`."""
        _refuse_second(self.upcasts, old, "upcaster", function)
        self.upcasts[old.wire_name] = Upcast(old, function)

    def add_downcast(self, old: Task[..., Any], function: Callable[[Any], Any]) -> None:
        """Adapt the newer version's results for the callers of `old` with `function`."""
        _refuse_second(self.downcasts, old, "downcaster", function)
        self.downcasts[old.wire_name] = function


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
