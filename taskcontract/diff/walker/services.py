"""Two states of a service, and their tasks paired by the name that Celery sends."""

from __future__ import annotations

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
