"""Two states of a service, and their tasks paired by the name that Celery sends."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.walker.renames import find_renamed
from taskcontract.diff.walker.sameness import same_task
from taskcontract.diff.walker.tasks import TaskPair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.context import Context
    from taskcontract.diff.walker.tasks import KeptTaskPair

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
        """The tasks whose calls go to another queue than before."""
        return [pair for pair in self.kept if pair.old.queue_name != pair.new.queue_name]


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
