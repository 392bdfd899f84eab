"""A finished comparison as data: what each format shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from taskcontract.model.finding import BUMPS, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.finding import Bump, Finding, Severity

__all__ = ["Report", "Side", "group_by_task"]

FailOn = Literal["breaking", "dangerous", "safe", "never"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `service` or task, its `version`, and where it was read from.

    `places` says in which file and line a task is declared, by its id or its name; it may be empty.
    """

    name: str
    version: str
    origin: str
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a comparison found, what it took for granted and what follows from it.

    `findings` leaves out what is `accepted`. `assumptions` are the policies, by name. `declared_bump`
    is what the two version numbers say, None where neither side has one of its own. `order` says how to
    deploy, in words. `notes` are remarks on the configuration, such as an acceptance that has expired.
    """

    old: Side
    new: Side
    findings: tuple[Finding, ...]
    required_bump: Bump
    order: str
    declared_bump: Bump | None = None
    accepted: tuple[tuple[Finding, Acceptance], ...] = ()
    assumptions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    fail_on: FailOn = "breaking"

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def bump_suffices(self) -> bool:
        """Whether the declared version bump is as large as the required one."""
        return self.declared_bump is None or BUMPS.index(self.declared_bump) <= BUMPS.index(
            self.required_bump
        )

    def fails(self, finding: Finding) -> bool:
        """Whether `finding` alone makes the exit code 1."""
        if self.fail_on == "never":
            return False
        return SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.fail_on)

    def place_of(self, finding: Finding) -> tuple[str, int] | None:
        """The file and line to show `finding` at: where the new side declares the task, else the old."""
        for side in (self.new, self.old):
            for key in (f"{finding.task}@{finding.version}", finding.task, ""):
                if key in side.places:
                    return side.places[key]
        return None


def group_by_task(findings: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    """The findings of each task under its id, the worst task and the worst finding first.

    What belongs to the service as a whole stands under an empty id.
    """

    def name(finding: Finding) -> str:
        return f"{finding.task}@{finding.version}" if finding.task else ""

    def weight(finding: Finding) -> tuple[int, bool]:
        return SEVERITIES.index(finding.severity), not finding.silent

    groups = [
        (task, sorted(group, key=weight)) for task, group in groupby(sorted(findings, key=name), key=name)
    ]
    return sorted(groups, key=lambda group: weight(group[1][0]))
