"""Two states of a service, and their tasks paired by the name that Celery sends."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.budget import ProofBudget
from taskcontract.diff.judge import NOBODY
from taskcontract.diff.walker.engine import SchemaEngine
from taskcontract.diff.walker.judging import Bench
from taskcontract.diff.walker.renames import find_renamed
from taskcontract.diff.walker.sameness import same_task
from taskcontract.diff.walker.samples import Samples
from taskcontract.diff.walker.tasks import TaskPair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.judge import Judges
    from taskcontract.diff.policy import Policy
    from taskcontract.diff.walker.links import Links
    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["ServicePair", "pair_tasks"]


class ServicePair:
    """A service before and after, with what its rules and its tasks' rules look up."""

    task = ""

    def __init__(
        self,
        old: ServiceSpec,
        new: ServiceSpec,
        policy: Policy,
        judges: Judges = NOBODY,
        budget: ProofBudget | None = None,
    ) -> None:
        self.old = old
        self.new = new
        self.policy = policy
        self.budget = ProofBudget() if budget is None else budget
        self.schemas = SchemaEngine(self.budget)
        self.samples = Samples(self.schemas)
        self.bench = Bench(self.schemas, self.samples, *judges)
        self.service = old.name
        self.version = old.version
        self.kept: list[KeptTaskPair] = []
        """The tasks on both sides that differ, as they were paired."""

    @cached_property
    def links(self) -> Links:
        """Which old task could take the result of which."""
        from taskcontract.diff.walker.links import Links

        return Links(self.old)

    @cached_property
    def served_by(self) -> dict[str, TaskSpec]:
        """The new task that takes the messages of each name: its own, or an alias."""
        return {name: task for task in self.new.tasks for name in task.wire_names}

    @cached_property
    def new_tasks(self) -> dict[str, TaskSpec]:
        """The new tasks by their wire names."""
        return {task.wire_name: task for task in self.new.tasks}

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

    @cached_property
    def old_versions(self) -> dict[str, list[str]]:
        """The old versions of each task, by its name."""
        return _versions_of(self.old)

    @cached_property
    def new_versions(self) -> dict[str, list[str]]:
        """The new versions of each task, by its name."""
        return _versions_of(self.new)


def pair_tasks(services: ServicePair) -> Iterator[TaskPair]:
    """The tasks that differ, in the old order, then the new ones; equal tasks are left out.

    Tasks are the same callable when they have the same wire name, or the new one has the old name for an
    alias. Of the others, those with the same name and
    version, or alone with their signature, count as renamed.
    """
    arrived = dict(services.new_tasks)
    departed = []
    for old in services.old.tasks:
        new = services.served_by.get(old.wire_name)
        if new is not None:
            arrived.pop(new.wire_name, None)
        if new is None:
            departed.append(old)
        elif not same_task(old, new):
            yield TaskPair(services, old, new)
    renamed = find_renamed(departed, list(arrived.values()), services) if departed and arrived else {}
    for old in departed:
        new = renamed.get(old.wire_name)
        if new is not None:
            del arrived[new.wire_name]
        yield TaskPair(services, old, new)
    for new in arrived.values():
        yield TaskPair(services, None, new)


def _versions_of(spec: ServiceSpec) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for task in spec.tasks:
        versions.setdefault(task.name, []).append(task.version)
    return versions
