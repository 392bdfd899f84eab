"""Which calls that Hypothesis makes up a provider lets be sent to a task, and in which states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from taskcontract.errors import ProviderError
from taskcontract.model.contract import ProviderState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.provider.adapter_path import AdapterPath

__all__ = ["ExamplePolicy", "Examples", "policy_of", "read_examples"]

Examples: TypeAlias = "bool | str | Sequence[str] | Mapping[str, Mapping[str, Any]]"
"""Whether a task may be sent made-up calls, or the provider states that they need, by name."""


class ExamplePolicy(NamedTuple):
    """The `states` in which calls that are made up may be sent, or why none may: `refusal`."""

    states: tuple[ProviderState, ...] = ()
    refusal: str = ""


def read_examples(given: Any, place: str) -> tuple[ProviderState, ...] | None:
    """Return the states that `examples=` of an implementation names; None where it forbids made-up calls."""
    if given is True:
        return ()
    if given is False:
        return None
    states = [given] if isinstance(given, str) else given
    if isinstance(states, (list, tuple)) and all(isinstance(name, str) for name in states):
        return tuple(ProviderState(name) for name in states)
    if isinstance(states, dict) and all(
        isinstance(name, str) and isinstance(params, dict) for name, params in states.items()
    ):
        return tuple(ProviderState(name, params) for name, params in states.items())
    raise ProviderError(
        f"examples={given!r} says neither whether nor in which state calls may be made up",
        where=place,
        do='Write examples=False, examples="a writable bucket" or examples={"a bucket": {"objects": 3}}.',
    )


def policy_of(path: AdapterPath) -> ExamplePolicy:
    """Return what holds for a version: what its binding says, and all on its way to the implementation."""
    for task in dict.fromkeys((path.task, *(step.upcast.target for step in path.steps), path.end)):
        if not task.examples:
            return ExamplePolicy(refusal=f"the binding of {task.id} says examples=False")
    if path.found is None:
        return ExamplePolicy(refusal="nothing serves it")
    if path.found.examples is None:
        return ExamplePolicy(refusal=f"the implementation of {path.found.task.id} says examples=False")
    return ExamplePolicy(path.found.examples)
