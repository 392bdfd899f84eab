"""Looking for the smallest example of a fault, with Hypothesis."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, TypeVar

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["Search", "require_hypothesis"]

T = TypeVar("T")


def require_hypothesis() -> None:
    """Raise a ConfigError where Hypothesis is not installed."""
    try:
        import hypothesis  # noqa: F401
    except ImportError:
        raise ConfigError(
            "Hypothesis is not installed", do="Install it: pip install 'taskcontract[testing]'."
        ) from None


class Search:
    """Looks for the smallest example of a fault, among so many `examples`."""

    def __init__(self, examples: int) -> None:
        require_hypothesis()
        import hypothesis

        self._find = hypothesis.find
        self._settings = hypothesis.settings(max_examples=examples, deadline=None, database=None)

    def find(self, values: SearchStrategy[T], find_fault: Callable[[T], str]) -> tuple[T, str] | None:
        """Return the smallest of `values` that has a fault, and the fault; a LookupError without values.

        An adapter that may change what it is given gets a copy of its own.
        """
        from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

        found: list[tuple[T, str]] = []

        def has_fault(value: T) -> bool:
            fault = find_fault(_copy(value))
            if fault:
                found[:] = [(value, fault)]
            return bool(fault)

        try:
            self._find(values, has_fault, settings=self._settings)
        except NoSuchExample:
            return None
        except Unsatisfiable:
            raise LookupError from None
        except Flaky:
            if not found:  # the strategy is, not the adapter
                raise
            value, fault = found[0]
            return value, f"it answers differently when asked again with the same; once, {fault}"
        return found[0]


def _copy(value: T) -> T:
    """Return a copy, of what can be copied: some errors cannot."""
    with suppress(Exception):
        return deepcopy(value)
    return value
