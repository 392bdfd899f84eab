"""Which of the tasks that went and of those that came are one task under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.walker.sameness import same_parameters
from taskcontract.model.equality import freeze, same_json

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from taskcontract.model.service import TaskSpec

__all__ = ["find_renamed"]


def find_renamed(
    departed: Collection[TaskSpec],
    arrived: Collection[TaskSpec],
    old_names: Container[str],
    new_names: Container[str],
) -> dict[str, TaskSpec]:
    """Old wire name -> the task that it is now.

    A task kept its identity when its name and version did, or when it is the only one that went with its
    signature and one with a new name is the only one that came with it. `old_names` and `new_names` are those
    of all tasks of a side.
    """
    by_id = {task.id: task for task in arrived}
    renamed = {task.wire_name: by_id[task.id] for task in departed if task.id in by_id}
    taken = {task.wire_name for task in renamed.values()}
    # A version that goes while its task stays is a version removed, whatever else looks like it.
    gone = [t for t in departed if t.wire_name not in renamed and t.name not in new_names]
    come = [t for t in arrived if t.wire_name not in taken and t.name not in old_names]
    candidates = _group(come)
    for key, tasks in _group(gone).items():
        others = candidates.get(key, [])
        if len(tasks) == len(others) == 1 and _same_signature(tasks[0], others[0]):
            renamed[tasks[0].wire_name] = others[0]
    return renamed


def _group(tasks: Iterable[TaskSpec]) -> dict[tuple[object, ...], list[TaskSpec]]:
    """Group the tasks by those parts of their signatures that are cheap to compare."""
    groups: dict[tuple[object, ...], list[TaskSpec]] = {}
    for task in tasks:
        key = tuple((parameter.name, parameter.kind, parameter.required) for parameter in task.parameters)
        groups.setdefault((key, freeze(task.result)), []).append(task)
    return groups


def _same_signature(old: TaskSpec, new: TaskSpec) -> bool:
    return same_parameters(old.parameters, new.parameters) and same_json(old.result, new.result)
