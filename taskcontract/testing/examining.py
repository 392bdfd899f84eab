"""All adapters of one old version, each tried with what may come to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from taskcontract.provider.adapter_path import Step
from taskcontract.provider.startup_checks import find_arriving_errors
from taskcontract.testing.faults import Downcasting, ErrorAdapting, Upcasting, find_differing_defaults
from taskcontract.testing.messages import calls_of, results_of
from taskcontract.testing.raising import errors_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

    from taskcontract.declare.task import Task
    from taskcontract.provider.adapters import AdapterTable, Upcast
    from taskcontract.testing.faults import Trial
    from taskcontract.testing.searching import Search
    from taskcontract.testing.strategies import Strategies

__all__ = ["examine"]

V = TypeVar("V")


def examine(upcast: Upcast, adapters: AdapterTable, search: Search, strategies: Strategies) -> Iterator[str]:
    """Yield each fault of a version's adapters: the place, the example and what is wrong with it."""
    old, target = upcast.old, upcast.target

    def examine_one(
        trial: Trial[V], values: Callable[[], SearchStrategy[V]], what: str, task: Task[..., Any], key: str
    ) -> Iterator[str]:
        place = f"  {trial.place}\n    "
        try:
            found = search.find(values(), trial.find_fault)
        except LookupError:
            yield (
                f"{place}no {what} of {task.id} could be drawn from its types: "
                f"say how, with strategies={{{task.__name__}: {{{key}: ...}}}}"
            )
            return
        if found:
            yield f"{place}{trial.spell(found[0])}\n    {found[1]}"

    up = Upcasting(upcast)
    faults = [f"  {up.place}\n    {fault}" for fault in find_differing_defaults(upcast)]
    calls = list(examine_one(up, lambda: calls_of(old, strategies.get(old, {})), "call", old, "'parameter'"))
    if not calls and not up.succeeded:
        calls = [f"  {up.place}\n    each call that was tried ended in an error"]
    yield from (*faults, *calls)
    down = Downcasting(Step(upcast, adapters.downcasts.get(old.wire_name)))
    given = strategies.get(target, {})
    yield from examine_one(down, lambda: results_of(target, given), "result", target, "'return'")
    for error in _errors_to_adapt(upcast, adapters):
        mapping = adapters.find_error(old, error)
        if mapping is not None:
            yield from examine_one(
                ErrorAdapting(mapping, error, target),
                partial(errors_of, error, given),
                error.__name__,
                target,
                error.__name__,
            )


def _errors_to_adapt(upcast: Upcast, adapters: AdapterTable) -> list[type[Exception]]:
    """Return the errors that may come from above, and those that an adapter names besides."""
    named = adapters.errors.get(upcast.old.wire_name, {})
    return list(dict.fromkeys((*find_arriving_errors(upcast, adapters), *named)))
