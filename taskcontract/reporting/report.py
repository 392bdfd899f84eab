"""A finished comparison as data: what each format shows."""

from __future__ import annotations

from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.diff.bump import suffices
from taskcontract.model.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.diff.bump import DeployOrder
    from taskcontract.diff.check import VersionGap
    from taskcontract.extract.found import Unresolved
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.finding import Bump, Finding, Severity

__all__ = ["Report", "Side", "group_by_task"]

FailOn = Literal["breaking", "dangerous", "safe", "never"]


class Side(NamedTuple):
    """One side of a comparison: the `name` of a service or a task, its `version`, where it was read from.

    A `version` of "" is one that nobody declared. `places` says in which file and line a task is declared, by
    its id or its name; it may be empty. `root` is what stands before the path of a file in its tree.
    """

    name: str
    version: str
    origin: str
    places: Mapping[str, tuple[str, int]] = MappingProxyType({})
    unresolved: tuple[Unresolved, ...] = ()
    root: str = ""


class Report(NamedTuple):
    """What a comparison found, what it took for granted and what follows from it.

    `findings` leaves out what is `accepted`. `required_bump` is what they need, `declared_bump` what the
    two version numbers say, `gaps` each version that says too little. `order` is how to deploy.
    `assumptions` are the policies, by name; `notes` are remarks on the configuration, such as an
    acceptance that has expired. `is_check`: the question is whether the versions say enough, not
    whether anything breaks. `renamed` are the tasks that have another name on the new side: old -> new.
    """

    old: Side
    new: Side
    findings: tuple[Finding, ...]
    required_bump: Bump
    declared_bump: Bump
    order: DeployOrder
    accepted: tuple[tuple[Finding, Acceptance], ...] = ()
    gaps: tuple[VersionGap, ...] = ()
    assumptions: Mapping[str, str] = MappingProxyType({})
    renamed: Mapping[str, str] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    fail_on: FailOn = "breaking"
    is_check: bool = False

    def number_of(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def is_versioned(self) -> bool:
        """Whether both sides have a version, so that a bump can be asked for."""
        return bool(self.old.version and self.new.version)

    @property
    def bump_suffices(self) -> bool:
        """Whether the declared version bump is as large as the required one."""
        return suffices(self.declared_bump, self.required_bump)

    @property
    def failed(self) -> bool:
        """Whether the exit code is 1."""
        return bool(self.gaps) if self.is_check else any(map(self.fails, self.findings))

    def fails(self, finding: Finding) -> bool:
        """Return whether `finding` alone makes the exit code 1."""
        if self.is_check:
            return not suffices(self.declared_bump, finding.bump)
        if self.fail_on == "never":
            return False
        return SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.fail_on)

    def place_of(self, finding: Finding) -> tuple[str, int] | None:
        """Return the file and line for `finding`: where the new side declares the task, else the old."""
        for side in (self.new, self.old):
            found = self._find_place(side, finding) or side.places.get("")
            if found is not None:
                return found
        return None

    def places_of(self, finding: Finding) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
        """Return where each side declares the task of `finding`, as far as that is known."""
        return self._find_place(self.old, finding), self._find_place(self.new, finding)

    def _find_place(self, side: Side, finding: Finding) -> tuple[str, int] | None:
        if not finding.task:
            return None
        names = [finding.task_id, finding.task]
        if side is self.new and finding.task in self.renamed:
            names.append(self.renamed[finding.task])
        return next((side.places[name] for name in names if name in side.places), None)


def group_by_task(findings: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    """Return the findings of each task under its id, the worst task and the worst finding first.

    What belongs to the service as a whole stands under an empty id.
    """

    def name(finding: Finding) -> str:
        return finding.task_id

    def weight(finding: Finding) -> tuple[int, bool]:
        return SEVERITIES.index(finding.severity), not finding.silent

    groups = [
        (task, sorted(group, key=weight)) for task, group in groupby(sorted(findings, key=name), key=name)
    ]
    return sorted(groups, key=lambda group: weight(group[1][0]))
