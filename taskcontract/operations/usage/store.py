"""Where uses are kept: what every store does, and the two that keep nothing for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from taskcontract.operations.usage.use import Counted, Use, merge

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MemoryStore", "NoStore", "UsageStore"]


class UsageStore(Protocol):
    """Keeps uses; several workers may write at once. A BrokerError where it is away or unreadable."""

    place: str
    """Where that is, as people are shown it."""

    def add(self, service: str, uses: Iterable[Use], since: float) -> None:
        """Add counts of a service, which are counted since then.

        Of the times that calls were seen at the latest stays, of those of `since` the earliest.
        """
        ...

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service."""
        ...


class MemoryStore:
    """In-memory twin of the other stores."""

    place = "this process"

    def __init__(self) -> None:
        self._uses: list[Use] = []
        self._starts: dict[str, float] = {}

    def add(self, service: str, uses: Iterable[Use], since: float) -> None:
        """Add counts of a service, which are counted since then."""
        self._uses = merge([*self._uses, *uses])
        self._starts[service] = min(since, self._starts.get(service, since))

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service."""
        uses = tuple(use for use in self._uses if use.key.service == service)
        return Counted(uses, self._starts.get(service))


class NoStore:
    """Keeps nothing."""

    def __init__(self, place: str) -> None:
        self.place = place

    def add(self, service: str, uses: Iterable[Use], since: float) -> None:
        """Nothing."""

    def read(self, service: str) -> Counted:
        """Return nothing is known."""
        return Counted()
