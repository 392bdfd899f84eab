"""Checks that a provider's adapters are sound.

Each valid old call becomes a valid newer one, and each newer result or error one that old callers know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from taskcontract.declare.task import Task
from taskcontract.errors import ConfigError, UnsoundAdapterError
from taskcontract.provider.provider import Provider
from taskcontract.testing.searching import Search

if TYPE_CHECKING:
    from taskcontract.provider.adapters import AdapterTable, Upcast
    from taskcontract.testing.strategies import Strategies

__all__ = ["check_adapters"]


def check_adapters(
    provider: Provider,
    *versions: Task[..., Any],
    examples: int = 100,
    strategies: Strategies | None = None,
) -> None:
    """Try the adapters of `provider` (of these old `versions` alone, if any are named) with Hypothesis.

    Calls, results and errors are drawn from the declared types, `examples` of each. `strategies`
    replaces some: task -> parameter, `"return"` or the class of an error -> strategy of typed values.
    An adapter may answer with an error that its version declares. Raises an UnsoundAdapterError that
    shows, for each adapter at fault, its place and the smallest example.
    """
    search = Search(examples)
    # With Hypothesis, which is known to be there by now.
    from taskcontract.testing.examining import examine
    from taskcontract.testing.strategies import require_strategies

    if not isinstance(cast("Any", provider), Provider):
        raise ConfigError(f"check_adapters takes a Provider, not {provider!r}")
    provider.app.loader.import_default_modules()  # adapters may stand in modules that a worker includes
    require_strategies(strategies or {}, provider.service)
    adapters = provider.declared.adapters
    chosen = [_find_upcast(old, adapters) for old in versions] if versions else adapters.upcasts.values()
    faults = [fault for upcast in chosen for fault in examine(upcast, adapters, search, strategies or {})]
    if faults:
        raise UnsoundAdapterError(
            f"{len(faults)} adapter(s) of {provider.service.name!r} are unsound:\n" + "\n".join(faults),
            do="Fix each adapter, or narrow what the old version declares.",
        )


def _find_upcast(old: object, adapters: AdapterTable) -> Upcast:
    if not isinstance(old, Task):
        raise ConfigError(
            f"check_adapters takes versions that the bindings declare, not {old!r}",
            do="Name them as in check_adapters(provider, version).",
        )
    upcast = adapters.upcasts.get(old.wire_name)
    if upcast is None:
        raise ConfigError(
            f"{old.id} has no upcaster", do=f"Declare one with @provider.upcasts({old.__name__})."
        )
    return upcast
