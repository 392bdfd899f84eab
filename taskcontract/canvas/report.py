"""What is known of the links of a canvas, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["CanvasReport", "Link", "Verdict"]

Verdict: TypeAlias = Literal["fits", "misfit", "undecided", "not judged"]


@dataclass(frozen=True, slots=True)
class Link:
    """One place in a canvas where the task `taker` is handed something by `giver`.

    `why` says what a verdict other than `fits` comes from. `witness` is a result that the taker refuses,
    where there is one: `has_witness`, as it may be None itself.
    """

    giver: str
    taker: str
    verdict: Verdict
    why: str = ""
    witness: Json = None
    has_witness: bool = False

    def __str__(self) -> str:
        words = {
            "fits": "fits",
            "misfit": "does not fit",
            "undecided": "may not fit",
            "not judged": "is not judged",
        }
        return f"{self.taker} after {self.giver} {words[self.verdict]}{f': {self.why}' if self.why else ''}"


@dataclass(frozen=True, slots=True)
class CanvasReport:
    """All links of one canvas, in the order in which it runs."""

    links: tuple[Link, ...]

    @property
    def misfits(self) -> tuple[Link, ...]:
        """Those that do not fit: a result that may come is refused, or the call has other arguments."""
        return self._of("misfit")

    @property
    def undecided(self) -> tuple[Link, ...]:
        """The links that cannot be judged."""
        return self._of("undecided")

    @property
    def not_judged(self) -> tuple[Link, ...]:
        """Those with tasks that have no bindings, or that Celery runs in a way of its own."""
        return self._of("not judged")

    @property
    def fits(self) -> bool:
        """Whether each link is known to fit."""
        return all(link.verdict == "fits" for link in self.links)

    def _of(self, verdict: Verdict) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.verdict == verdict)

    def __str__(self) -> str:
        return "\n".join(map(str, self.links)) or "there is no link"
