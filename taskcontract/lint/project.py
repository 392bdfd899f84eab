"""A project as the rules look at it: what was found, by the names of the tasks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.calls.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.extract.found import CallSite, Definition, FoundProject
    from taskcontract.model.service import TaskSpec

__all__ = ["LintProject"]


class LintProject:
    """What was found in a project, with the look-ups that rules share."""

    def __init__(self, found: FoundProject) -> None:
        self.found = found

    @cached_property
    def tasks(self) -> dict[str, TaskSpec]:
        """Each task by every name that its messages may have."""
        return {name: task for task in self.found.spec.tasks for name in task.wire_names}

    @cached_property
    def definitions(self) -> dict[str, list[Definition]]:
        """The decorated functions of each registered name."""
        found: dict[str, list[Definition]] = {}
        for definition in self.found.definitions:
            found.setdefault(definition.task, []).append(definition)
        return found

    def list_judged_calls(self) -> Iterator[tuple[CallSite, Shape]]:
        """Yield each call of a task that is known well enough to judge it, with the task's shape.

        That is one with a single definition, and with Celery's own way of sending.
        """
        for call in self.found.calls:
            definitions = self.definitions.get(call.task, [])
            task = self.tasks.get(call.task)
            if (
                task is not None
                and len(definitions) == 1
                and not definitions[0].own_sending
                and call.form != "route"
            ):
                yield call, shape_of(task.parameters)

    @cached_property
    def roots(self) -> frozenset[str]:
        """The first parts of the names of tasks that are named by a module of the tree, as Celery does it."""
        named = (*self.tasks, *self.definitions)
        modules = self.found.modules
        return frozenset(name.partition(".")[0] for name in named if name.rpartition(".")[0] in modules)

    def lacks(self, name: str) -> bool:
        """Whether there is certainly no task `name` in the project, which is where it would be.

        A name that begins as no task of the project does is another package's, and a name that Celery
        would give to a function of a module is only looked for there. Where some task's name is not known
        it may be any.
        """
        module = name.rpartition(".")[0]
        if name in self.tasks or name in self.definitions or not module or name.startswith("celery."):
            return False
        if name.partition(".")[0] not in self.roots:
            return False
        file = f"{module.replace('.', '/')}.py"
        doubtful = [each.place.file for each in self.found.unresolved if each.hides_name]
        if module in self.found.modules:
            return not any(each == file or each.endswith(f"/{file}") for each in doubtful)
        return not doubtful
