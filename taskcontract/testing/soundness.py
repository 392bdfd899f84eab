"""Are a provider's adapters sound: does each valid old call become a valid newer one, and each newer
result a valid old one?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from taskcontract.declare.parameter import place_of
from taskcontract.errors import ConfigError, UnsoundAdapterError
from taskcontract.testing.faults import Downcasting, Upcasting, find_differing_defaults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hypothesis.strategies import SearchStrategy

    from taskcontract.declare.task import Task
    from taskcontract.provider.adapters import Upcast
    from taskcontract.provider.provider import Provider

    Strategies = Mapping[Task[..., Any], Mapping[str, SearchStrategy[Any]]]

__all__ = ["check_adapters"]

T = TypeVar("T")


def check_adapters(
    provider: Provider,
    *versions: Task[..., Any],
    examples: int = 100,
    strategies: Strategies | None = None,
) -> None:
    """Try the adapters of `provider` (of these old `versions` alone, if any are named) with Hypothesis.

    Calls and results are drawn from the declared types, `examples` of each. `strategies` replaces
    some: task -> parameter, or `"return"` -> strategy of typed values. An adapter may answer with
    an error that its version declares. Raises an UnsoundAdapterError that shows, for each adapter
    at fault, its place and the smallest example.
    """
    provider.app.loader.import_default_modules()  # adapters may stand in modules that a worker includes
    chosen = versions or tuple(upcast.old for upcast in provider.adapters.upcasts.values())
    search = _Search(examples)
    faults: list[str] = []
    for old in chosen:
        upcast = provider.adapters.upcasts.get(old.wire_name)
        if upcast is None:
            raise ConfigError(
                f"{old.id} has no upcaster", do=f"Declare one with @provider.upcasts({old.__name__})."
            )
        downcast = provider.adapters.downcasts.get(old.wire_name)
        faults += _examine(upcast, downcast, search, strategies or {})
    if faults:
        raise UnsoundAdapterError(
            f"{len(faults)} adapter(s) of {provider.service.name!r} are unsound:\n" + "\n".join(faults),
            do="Mend each adapter, or narrow what the old version declares.",
        )


class _Search:
    """Looks for the smallest example of a fault."""

    def __init__(self, examples: int) -> None:
        try:
            import hypothesis
        except ImportError:
            raise ConfigError(
                "Hypothesis is not installed", do="Install it: pip install 'taskcontract[testing]'."
            ) from None
        self._find = hypothesis.find
        self._settings = hypothesis.settings(max_examples=examples, deadline=None, database=None)

    def find(self, values: SearchStrategy[T], find_fault: Callable[[T], str]) -> tuple[T, str] | None:
        """The smallest of `values` that has a fault, with it; a LookupError where there are no values."""
        from hypothesis.errors import NoSuchExample, Unsatisfiable

        try:
            found = self._find(values, lambda value: bool(find_fault(value)), settings=self._settings)
        except NoSuchExample:
            return None
        except Unsatisfiable:
            raise LookupError from None
        return found, find_fault(found)


def _examine(
    upcast: Upcast, downcast: Callable[[Any], Any] | None, search: _Search, strategies: Strategies
) -> Iterator[str]:
    """Each fault of a version's adapters: the place, the example and what is wrong with it."""
    from taskcontract.testing.messages import calls_of, results_of

    old = upcast.old
    place = f"  {place_of(upcast.function)}: the upcaster of {old.id}\n    "
    yield from (place + fault for fault in find_differing_defaults(upcast))
    up = Upcasting(upcast)
    try:
        found = search.find(calls_of(old, strategies.get(old, {})), up.find_fault)
    except LookupError:
        yield place + _say_unsatisfiable(old, "call")
        return
    if found:
        yield f"{place}{up.spell(found[0])}\n    {found[1]}"
    elif not up.targets:
        yield f"{place}each call that was tried ended in an error"
    for target in up.targets.values():
        down = Downcasting(old, target, downcast)
        place = f"  {down.place}\n    "
        try:
            result = search.find(results_of(target, strategies.get(target, {})), down.find_fault)
        except LookupError:
            yield place + _say_unsatisfiable(target, "result")
            continue
        if result:
            yield f"{place}{result[0]!r} of {target.id}\n    {result[1]}"


def _say_unsatisfiable(task: Task[..., Any], what: str) -> str:
    return (
        f"no {what} of {task.id} could be drawn from its types: "
        f"say how, with strategies={{{task.__name__}: ...}}"
    )
