"""What a reading of a release found against the hand-checked list of its tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Mapping, Sequence

    from tests.realworld.hand_checked import Expected

__all__ = ["ENOUGH", "Account", "compare_changes", "compare_tasks"]

ENOUGH = 0.99
"""The share of the tasks whose name and signature must be read exactly."""


@dataclass(frozen=True)
class Account:
    """How a reading did: how many tasks there are, how many it has exactly, and what is wrong with it."""

    tasks: int
    exact: int
    troubles: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The share of the tasks that were read exactly, of those that can be without running code."""
        return self.exact / self.tasks if self.tasks else 1.0

    @property
    def good(self) -> bool:
        """Whether the bar is met: nearly all are exact, nothing is false, nothing is dropped in silence."""
        return self.recall >= ENOUGH and not self.troubles


def compare_tasks(
    expected: Sequence[Expected], found: Mapping[str, str], unresolved_files: Collection[str]
) -> Account:
    """Compare the tasks of a release with those `found`: registered name -> signature.

    A task whose name shows only at run time may be missing: then its file is one of `unresolved_files`.
    """
    static = [task for task in expected if not task.file]
    names = {task.name for task in expected}
    troubles = [f"not a task: {name}({found[name]})" for name in found if name not in names]
    for task in static:
        if task.name not in found:
            troubles.append(f"missing: {task.name}({task.signature})")
        elif found[task.name] != task.signature:
            troubles.append(f"read as {task.name}({found[task.name]}), but it is ({task.signature})")
    troubles += [
        f"neither read nor listed: {task.name}, in {task.file}"
        for task in expected
        if task.file and task.name not in found and task.file not in unresolved_files
    ]
    exact = sum(found.get(task.name) == task.signature for task in static)
    return Account(len(static), exact, tuple(troubles))


def compare_changes(expected: Counter[str], found: Counter[str]) -> list[str]:
    """Return what differs between the changes of two releases and those `found`, as `severity rule task`."""
    return [
        *(f"not found: {change}" for change in (expected - found).elements()),
        *(f"false: {change}" for change in (found - expected).elements()),
    ]
