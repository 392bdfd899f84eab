"""What the tasks of a service are called before and after, who serves a name, and who may follow whom."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.diff.walker.links import Links
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["Catalogue"]


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
