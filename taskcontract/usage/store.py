"""Where uses are kept: what every store does, and the two that keep nothing for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from taskcontract.usage.call_shape import BEFORE
from taskcontract.usage.use import Counted, ShapeUse, Use, merge, merge_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MemoryStore", "NoStore", "UsageStore"]


class UsageStore(Protocol):
    """Keeps uses; several workers may write at once. A BrokerError where it is away or unreadable."""

    place: str
    """Where that is, as people are shown it."""

    def add(
        self, service: str, uses: Iterable[Use], since: float, shapes: Iterable[ShapeUse] | None = None
    ) -> None:
        """Add counts of a service, which are counted since then.

        Of the times that calls were seen at the latest stays, of those of `since` the earliest. `shapes` are
        those of all calls in `uses`; None from who does not tell them. What was counted of a caller before
        its first shape is kept as the shape BEFORE.
        """
        ...

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service."""
        ...

    def services(self) -> list[str]:
        """Return the names of the services whose calls are counted with their shapes, sorted."""
        ...


class MemoryStore:
    """In-memory twin of the other stores."""

    place = "this process"

    def __init__(self) -> None:
        self._uses: list[Use] = []
        self._shapes: list[ShapeUse] = []
        self._starts: dict[str, float] = {}
        self._shape_starts: dict[str, float] = {}

    def add(
        self, service: str, uses: Iterable[Use], since: float, shapes: Iterable[ShapeUse] | None = None
    ) -> None:
        """Add counts of a service, which are counted since then."""
        self._starts[service] = min(since, self._starts.get(service, since))
        if shapes is not None:
            self._shape_starts[service] = min(since, self._shape_starts.get(service, since))
            shapes, before = list(shapes), {use.key: use for use in self._uses}
            for key in {each.key for each in shapes} - {each.key for each in self._shapes}:
                known = before.get(key)
                self._shapes.append(
                    ShapeUse(key, BEFORE, known.count if known else 0, known.last_seen if known else 0.0)
                )
            self._shapes = merge_shapes([*self._shapes, *shapes])
        self._uses = merge([*self._uses, *uses])

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service."""
        uses = tuple(use for use in self._uses if use.key.service == service)
        shapes = tuple(each for each in self._shapes if each.key.service == service and each.count)
        return Counted(uses, self._starts.get(service), shapes, self._shape_starts.get(service))

    def services(self) -> list[str]:
        """Return the names of the services whose calls are counted with their shapes."""
        return sorted(self._shape_starts)


class NoStore:
    """Keeps nothing."""

    def __init__(self, place: str) -> None:
        self.place = place

    def add(
        self, service: str, uses: Iterable[Use], since: float, shapes: Iterable[ShapeUse] | None = None
    ) -> None:
        """Nothing."""

    def read(self, service: str) -> Counted:
        """Return nothing is known."""
        return Counted()

    def services(self) -> list[str]:
        """Return none."""
        return []
