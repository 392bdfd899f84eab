"""Tasks that may still be there: what was known of them before, only running the code would tell now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Side

__all__ = ["doubt_removals"]


def doubt_removals(findings: Sequence[Finding], old: Side, new: Side) -> Iterator[Finding]:
    """Yield `findings`; that a task is gone is no proof where its file now has one that cannot be known."""
    before = {(each.place.file, each.what) for each in old.unresolved}
    lost: dict[str, str] = {}
    for each in new.unresolved:
        if (each.place.file, each.what) not in before:
            lost.setdefault(each.place.file, f"{each.place}: {each.what}")
    for finding in findings:
        place = old.places.get(finding.task)
        unknown = lost.get(place[0]) if place and finding.rule == "task-removed" else None
        if unknown is None:
            yield finding
        else:
            yield replace(
                finding,
                severity="dangerous",
                known="undecided",
                consequence=f"Whether `{finding.task}` is still served is not known ({unknown}).",
                remedy="Write its name where it can be read, or compare the app: `app:MODULE:ATTRIBUTE`.",
            )
