"""The numbers of one look, as data, and how many versions are kept apart in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.usage.bounds import believed_version
from taskcontract.usage.use import OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.errors import TaskContractError
    from taskcontract.safety_net.quarantine import Measured

__all__ = ["NONE", "InFlightKey", "Numbers", "VersionBound"]

NONE = "(none)"
"""The service and version of what no bindings declare."""

MOST_VERSIONS = 20
"""Versions of one task beside the declared one that are kept apart, for as long as the process lives."""

LONGEST = 64
"""Characters of a version that is kept apart."""


class InFlightKey(NamedTuple):
    """What messages in flight are counted by: `place` as for `InFlight`."""

    service: str
    task: str
    version: str
    place: str


@dataclass(slots=True)
class Numbers:
    """What one look has found. What it could not find is None, or not there."""

    quarantines: dict[str, Measured | None] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    """How many messages wait in each queue, whatever they are."""
    in_flight: dict[InFlightKey, int] = field(default_factory=dict)
    unknown: dict[str, bool] = field(default_factory=dict)
    """By queue, whether not all that waits in it is in `in_flight`."""
    faults: list[TaskContractError] = field(default_factory=list)
    """Why what is not there could not be found."""

    @property
    def is_blind(self) -> bool:
        """Whether the broker has told nothing at all."""
        return not self.depths and all(each is None for each in self.quarantines.values())


class VersionBound:
    """Admits the versions that messages say of themselves: anybody may write there what they like."""

    def __init__(self, most: int = MOST_VERSIONS) -> None:
        self._most = most
        self._known: dict[str, set[str]] = {}

    def fold(
        self, counts: Mapping[tuple[str, str, str], int], declared: Mapping[str, tuple[str, str]]
    ) -> dict[InFlightKey, int]:
        """Return the `counts` by task, version and place with the versions of each task that are admitted.

        `declared` are the service and the version of each known task: all others are one. The most frequent
        versions come first, so that a few messages cannot push out what many say.
        """
        folded: dict[InFlightKey, int] = {}
        for (task, told, place), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            if task in declared:
                service, own = declared[task]
                key = InFlightKey(service, task, self._admit(task, told, own), place)
            else:
                key = InFlightKey(NONE, OTHER, NONE, place)
            folded[key] = folded.get(key, 0) + count
        return folded

    def _admit(self, task: str, told: str, own: str) -> str:
        version = believed_version(told, own)
        known = self._known.setdefault(task, set())
        if version == own or version in known:
            return version
        if len(known) >= self._most or len(version) > LONGEST:
            return OTHER
        known.add(version)
        return version
