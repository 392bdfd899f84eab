"""What a service promises to whoever runs already, whether they have contracts or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.diff.changes import find_changes
from taskcontract.model.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.deployment.cells import Answer
    from taskcontract.deployment.judge import PairJudge
    from taskcontract.model.finding import Direction, Finding, Severity
    from taskcontract.registry.records import PublishedVersion

__all__ = ["CompatibilityCheck", "check_compatibility", "is_transitive"]

TRANSITIVE = "-transitive"
BACKWARD: frozenset[tuple[Severity, Direction]] = frozenset(
    {("breaking", "backward"), ("breaking", "result")}
)
FORWARD: frozenset[tuple[Severity, Direction]] = frozenset((each, "forward") for each in SEVERITIES)
"""What new callers may send and old workers refuse is no break, but all the same no promise is kept by it."""
BROKEN = {"backward": BACKWARD, "forward": FORWARD, "full": BACKWARD | FORWARD}
"""The findings that break each promise, by severity and direction."""


@dataclass(frozen=True, slots=True)
class CompatibilityCheck:
    """Whether the change from a version that runs keeps the promise `mode`; `broken` says what does not."""

    service: str
    old_version: str
    new_version: str
    mode: str
    answer: Answer
    reason: str
    broken: tuple[Finding, ...] = ()


def is_transitive(mode: str) -> bool:
    """Return whether a mode is about what runs in any environment."""
    return mode.endswith(TRANSITIVE)


def check_compatibility(
    judge: PairJudge, new: PublishedVersion, running: Iterable[PublishedVersion], mode: str
) -> Iterable[CompatibilityCheck]:
    """Yield whether `new` keeps the promise to each of the versions of it that are `running`."""
    breaks = BROKEN.get(mode.removesuffix(TRANSITIVE))
    if breaks is None:
        return
    after = judge.find_spec(new)
    for old in sorted(running, key=lambda each: each.version):
        before = judge.find_spec(old)
        facts = new.service, old.version, new.version, mode
        if before is None or after is None:
            lacking = new if after is None else old
            yield CompatibilityCheck(*facts, "not known", f"no spec of {lacking.id} is published")
            continue
        broken = tuple(
            each
            for each in (find_changes(before, after) if before != after else ())
            if any((each.severity, direction) in breaks for direction in each.directions)
        )
        if broken:
            yield CompatibilityCheck(*facts, "no", f"{len(broken)} changes break it", broken)
        else:
            yield CompatibilityCheck(*facts, "yes", "proved by the diff")
