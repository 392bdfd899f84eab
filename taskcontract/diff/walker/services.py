"""Two states of a service, and their tasks paired by the name that Celery sends."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.walker.sameness import same_parameters, same_task
from taskcontract.diff.walker.tasks import TaskPair
from taskcontract.model.equality import freeze, same_json

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator

    from taskcontract.diff.walker.context import Context
    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.service import TaskSpec

__all__ = ["ServicePair", "pair_tasks"]

TELLING = 2
"""Parameters of a signature that two tasks do not have by chance."""
ALIKE = 0.8
"""The share of two names' letters that is the same where one is the other, respelled."""
SAYS_NOTHING = frozenset({"async", "celery", "do", "job", "my", "run", "task", "tasks"})
"""Words in the names of tasks that have little to do with each other."""


class ServicePair:
    """A service before and after, with what its rules and its tasks' rules look up."""

    task = ""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.old = context.old
        self.new = context.new
        self.service = self.old.name
        self.version = self.old.version
        self.kept: list[KeptTaskPair] = []
        """The tasks on both sides that differ, as they were paired."""

    @cached_property
    def old_queues(self) -> frozenset[str]:
        """The queues that the old worker consumes."""
        return frozenset(task.queue_name for task in self.old.tasks)

    @cached_property
    def new_queues(self) -> frozenset[str]:
        """The queues that the new worker consumes."""
        return frozenset(task.queue_name for task in self.new.tasks)

    @property
    def moved(self) -> list[KeptTaskPair]:
        """The tasks whose calls go to another queue than before, where both are known."""
        known = [pair for pair in self.kept if "queue" not in pair.undecided_options]
        return [pair for pair in known if pair.old.queue_name != pair.new.queue_name]


def pair_tasks(context: Context) -> Iterator[TaskPair]:
    """Yield the pairs of tasks that differ, in the old order, then the tasks that are only new.

    Tasks are the same callable when they have the same wire name, or the new one has the old name for an
    alias. Of the others, those with the same name and version, or alone with their signature, count as
    renamed.
    """
    catalogue = context.catalogue
    arrived = dict(catalogue.new_tasks)
    departed = []
    for old in context.old.tasks:
        new = catalogue.served_by.get(old.wire_name)
        if new is not None:
            arrived.pop(new.wire_name, None)
        if new is None:
            departed.append(old)
        elif not same_task(old, new):
            yield TaskPair(context, old, new)
    renamed = (
        find_renamed(departed, arrived.values(), catalogue.old_versions, catalogue.new_versions)
        if departed and arrived
        else {}
    )
    for old in departed:
        new = renamed.get(old.wire_name)
        if new is not None:
            del arrived[new.wire_name]
        yield TaskPair(context, old, new)
    for new in arrived.values():
        yield TaskPair(context, None, new)


def find_renamed(
    departed: Collection[TaskSpec],
    arrived: Collection[TaskSpec],
    old_names: Container[str],
    new_names: Container[str],
) -> dict[str, TaskSpec]:
    """Old wire name -> the task that it is now.

    A task kept its identity when its name and version did. Else it went with a signature that one came with,
    and more tells that they are the same: alone of these it has the last part of its name, as a function that
    moved to another module has; or no other went or came so, and the names are alike or the signature is one
    that few tasks have. `old_names` and `new_names` are those of all tasks of a side.
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
        before, after = _by_last_part(tasks), _by_last_part(others)
        pairs = [(before[name], after[name]) for name in before if name in after]
        if not pairs and len(tasks) == len(others) == 1 and are_alike(tasks[0], others[0]):
            pairs = [(tasks[0], others[0])]
        renamed |= {old.wire_name: new for old, new in pairs if _same_signature(old, new)}
    return renamed


def are_alike(old: TaskSpec, new: TaskSpec) -> bool:
    """Return whether two tasks of one signature look like the same, by it or by their names."""
    if sum(not parameter.kind.startswith("var-") for parameter in old.parameters) >= TELLING:
        return True
    before, after = (_words(task.name) for task in (old, new))
    return 2 * len(before & after) >= len(before | after) > 0 or (
        SequenceMatcher(None, _last_part(old.name), _last_part(new.name)).ratio() >= ALIKE
    )


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+|[0-9]+", _last_part(name).lower())) - SAYS_NOTHING


def _last_part(name: str) -> str:
    return name.rpartition(".")[2]


def _by_last_part(tasks: Collection[TaskSpec]) -> dict[str, TaskSpec]:
    """Return the tasks by the last part of their names, where it is that of one alone."""
    counts = Counter(_last_part(task.name) for task in tasks)
    return {part: task for task in tasks if counts[part := _last_part(task.name)] == 1}


def _group(tasks: Iterable[TaskSpec]) -> dict[tuple[object, ...], list[TaskSpec]]:
    """Group the tasks by those parts of their signatures that are cheap to compare."""
    groups: dict[tuple[object, ...], list[TaskSpec]] = {}
    for task in tasks:
        key = tuple((parameter.name, parameter.kind, parameter.required) for parameter in task.parameters)
        groups.setdefault((key, freeze(task.result)), []).append(task)
    return groups


def _same_signature(old: TaskSpec, new: TaskSpec) -> bool:
    return same_parameters(old.parameters, new.parameters) and same_json(old.result, new.result)
