"""Whether the versions that a spec declares are high enough for what changed since the last published one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.bump import find_declared_bump, find_required_bump, suffices
from taskcontract.diff.rule_index import find_room
from taskcontract.model.finding import BUMPS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from taskcontract.model.finding import Bump, Finding
    from taskcontract.model.service import ServiceSpec

__all__ = ["VersionGap", "find_version_gaps"]


class VersionGap(NamedTuple):
    """A version number that is too low: of the service (`task` is empty) or of one task.

    `because` is the first of the findings that ask for the `required` bump.
    """

    service: str
    task: str
    old_version: str
    new_version: str
    declared: Bump
    required: Bump
    because: Finding

    def __str__(self) -> str:
        subject = f"task {self.task!r}" if self.task else f"service {self.service!r}"
        went = (
            f"stays at {self.old_version}"
            if self.old_version == self.new_version
            else f"goes from {self.old_version} to {self.new_version}"
        )
        return f"{subject} {went}, but {self.because.rule} needs a {self.required} bump"


def find_version_gaps(
    published: ServiceSpec, declared: ServiceSpec, findings: Collection[Finding]
) -> Iterator[VersionGap]:
    """Each version in `declared` that says less than `findings`, what changed since `published`, ask for.

    The service comes first, then its tasks. A task's version says what its calls mean, so that what changed
    in them counts for it. What becomes of the version itself (it came, went, is deprecated, has another
    sunset) counts for the service alone: announcing a version's end needs no new version number.
    """
    if published.version and declared.version:
        yield from _gap(published.name, "", published.version, declared.version, findings)
    by_wire_name = {name: task for task in declared.tasks for name in task.wire_names}
    by_task: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if find_room(finding.rule) != "tasks":
            by_task.setdefault((finding.task, finding.version), []).append(finding)
    for old in published.tasks:
        new = by_wire_name.get(old.wire_name)
        if new is not None and old.version and new.version:
            about = by_task.get((old.name, old.version), [])
            yield from _gap(published.name, old.name, old.version, new.version, about)


def _gap(service: str, task: str, old: str, new: str, findings: Collection[Finding]) -> Iterator[VersionGap]:
    required = find_required_bump(findings)
    declared = find_declared_bump(old, new)
    if not suffices(declared, required):
        because = min(findings, key=lambda finding: BUMPS.index(finding.bump))
        yield VersionGap(service, task, old, new, declared, required, because)
