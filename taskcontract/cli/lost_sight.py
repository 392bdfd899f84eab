"""Tasks that may still be there: what was known of them before, only running the code would tell now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.extract.found import Unresolved
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Side

__all__ = ["doubt_removals"]

WORD = re.compile(r"\w+")


def doubt_removals(findings: Sequence[Finding], old: Side, new: Side) -> Iterator[Finding]:
    """Yield `findings`; that a task is gone is no proof where its file now has one that cannot be known.

    A file is the same where its path in the tree is, wherever that tree is. What is not known of another task
    of the old side says nothing of this one.
    """
    before = {(_path(old, each), each.what) for each in old.unresolved}
    lost: dict[str, list[Unresolved]] = {}
    for each in new.unresolved:
        if each.hides_name and (_path(new, each), each.what) not in before:
            lost.setdefault(_path(new, each), []).append(each)
    names = {_last_part(task) for task in old.places} if lost else set()
    for finding in findings:
        place = old.places.get(finding.task)
        unknown = None
        if place and finding.rule == "task-removed":
            own = _last_part(finding.task)
            for each in lost.get(place[0].removeprefix(old.root), ()):
                said = names.intersection(WORD.findall(each.what))
                if not said or own in said:
                    unknown = each
                    break
        if unknown is None:
            yield finding
        else:
            yield replace(
                finding,
                severity="dangerous",
                known="undecided",
                consequence=f"Whether `{finding.task}` is still served is not known "
                f"({unknown.place}: {unknown.what}).",
                remedy="Write its name where it can be read, or compare the app: `app:MODULE:ATTRIBUTE`.",
            )


def _path(side: Side, of: Unresolved) -> str:
    return of.place.file.removeprefix(side.root)


def _last_part(task: str) -> str:
    return task.rpartition(".")[2]
