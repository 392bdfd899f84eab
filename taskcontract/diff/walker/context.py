"""What all pairs of one comparison share: the policy, the engines, and the two specs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.budget import ProofBudget
from taskcontract.diff.judge import NOBODY
from taskcontract.diff.walker.engine import SchemaEngine
from taskcontract.diff.walker.judging import Bench
from taskcontract.diff.walker.samples import Samples

if TYPE_CHECKING:
    from taskcontract.diff.judge import Judges
    from taskcontract.diff.policy import Policy
    from taskcontract.diff.walker.links import Links
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["Context", "open_context"]


@dataclass(frozen=True, slots=True)
class Context:
    """One comparison of two specs.

    `schemas` answers questions on types and keeps the answers; `samples` makes values, and `bench` judges
    calls, by asking it. All of them draw on `budget`.
    """

    old: ServiceSpec
    new: ServiceSpec
    policy: Policy
    budget: ProofBudget
    schemas: SchemaEngine
    samples: Samples
    bench: Bench
    catalogue: Catalogue


def open_context(
    old: ServiceSpec,
    new: ServiceSpec,
    policy: Policy,
    judges: Judges = NOBODY,
    budget: ProofBudget | None = None,
) -> Context:
    """Return the context of a comparison of its own; several may share a `budget`."""
    budget = ProofBudget() if budget is None else budget
    schemas = SchemaEngine(budget)
    samples = Samples(schemas)
    bench = Bench(schemas, samples, *judges)
    return Context(old, new, policy, budget, schemas, samples, bench, Catalogue(old, new))


class Catalogue:
    """The tasks of both sides, by what rules look them up by."""

    def __init__(self, old: ServiceSpec, new: ServiceSpec) -> None:
        self._old = old
        self._new = new

    @cached_property
    def links(self) -> Links:
        """Which old task could take the result of which."""
        from taskcontract.diff.walker.links import Links

        return Links(self._old)

    @cached_property
    def served_by(self) -> dict[str, TaskSpec]:
        """The new task that takes the messages of each name: its own, or an alias."""
        return {name: task for task in self._new.tasks for name in task.wire_names}

    @cached_property
    def new_tasks(self) -> dict[str, TaskSpec]:
        """The new tasks by their wire names."""
        return {task.wire_name: task for task in self._new.tasks}

    @cached_property
    def old_versions(self) -> dict[str, list[str]]:
        """The old versions of each task, by its name."""
        return _versions_of(self._old)

    @cached_property
    def new_versions(self) -> dict[str, list[str]]:
        """The new versions of each task, by its name."""
        return _versions_of(self._new)


def _versions_of(spec: ServiceSpec) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for task in spec.tasks:
        versions.setdefault(task.name, []).append(task.version)
    return versions
