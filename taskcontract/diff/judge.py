"""What really becomes of a call at one side of a comparison: its own code says so, where there is any."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["NOBODY", "TAKEN", "UNKNOWN", "Judge", "Judgement", "Judges"]


class Judgement(NamedTuple):
    """The fate of one call: `refusal` says why it is refused, and is empty where it is taken.

    `by_shape`: the number or the names of its arguments are enough to refuse it, whatever their values.
    `known` is False where it could not be told.
    """

    refusal: str = ""
    by_shape: bool = False
    known: bool = True

    @property
    def taken(self) -> bool:
        """Whether the call is known to be taken."""
        return self.known and not self.refusal


TAKEN = Judgement()
UNKNOWN = Judgement(known=False)


class Judge(Protocol):
    """One side's own code: its bindings, as they are imported."""

    def judge(self, wire_name: str, args: Sequence[Json], kwargs: Mapping[str, Json]) -> Judgement | None:
        """Return what happens to a message with these arguments; None if this side does not have the task."""
        ...

    def spell(self, wire_name: str, args: Sequence[Json], kwargs: Mapping[str, Json]) -> str | None:
        """Return the call as a typed caller writes it, `pay.delay(Decimal("2.5"))`; None if not known."""
        ...


class Judges(NamedTuple):
    """Who is asked of each side; None where there is only a spec."""

    old: Judge | None = None
    new: Judge | None = None


NOBODY = Judges()
