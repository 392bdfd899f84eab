"""The cells of the matrix: one version of a consumer, one of a provider, and whether they go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ANSWERS", "Answer", "Cell", "Outcome", "Trouble", "answer_all"]

Answer = Literal["yes", "no", "not known"]
Outcome = Literal["verified", "proved", "failed", "refused", "absent", "unknown"]
"""What a cell comes to: replayed on a live worker; proved from two specs; failed there; refused by its spec;
no such provider runs; not known."""

ANSWERS: dict[Outcome, Answer] = {
    "verified": "yes",
    "proved": "yes",
    "failed": "no",
    "refused": "no",
    "absent": "no",
    "unknown": "not known",
}
"""What each outcome says."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An interaction that stands in the way: its description and task, the call in short, and why."""

    description: str
    task: str
    call: str
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a version of `consumer` goes together with one of `provider`, and the reason.

    The provider's version is "" where none runs. `interactions` is how many count; `troubles` are those that
    make it fail or unknown.
    """

    consumer: str
    consumer_version: str
    provider: str
    provider_version: str
    outcome: Outcome
    reason: str
    interactions: int = 0
    troubles: tuple[Trouble, ...] = ()

    @property
    def answer(self) -> Answer:
        """Yes, no or not known."""
        return ANSWERS[self.outcome]


def answer_all(answers: Iterable[Answer]) -> Answer:
    """Return what all of `answers` come to: no, if one is; else not known, if one is; else yes."""
    answers = set(answers)
    return "no" if "no" in answers else "not known" if "not known" in answers else "yes"
