"""The tasks of a project as they are found: one for each name, those of classes once these are registered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.describe import Alias, FoundTask, describe
from taskcontract.extract.static.values import Class, Instance

if TYPE_CHECKING:
    import ast

    from taskcontract.extract.static.reader import Reader
    from taskcontract.extract.static.recognise import Made
    from taskcontract.extract.static.values import TaskValue

__all__ = ["Gathered", "MadeTask"]


class MadeTask(NamedTuple):
    """A task as it was found, and what made it."""

    found: FoundTask
    made: TaskValue


class Gathered:
    """Gathers tasks; what cannot be known of them stands in `unresolved`, each definition in `made`."""

    def __init__(self) -> None:
        self.unresolved: list[Unresolved] = []
        self.made: list[MadeTask] = []
        self._found: dict[str, FoundTask] = {}
        self._aliases: list[Alias] = []
        self._waiting: list[Made] = []
        self._registered: set[ast.ClassDef] = set()

    def add(self, reader: Reader, made: Made) -> None:
        """Add what a statement makes."""
        if not made.registered:
            self._waiting.append(made)
            return
        target = made.task.target
        of = target.of if isinstance(target, Instance) else target
        for each in (of, made.task.options.items.get("base")):
            if isinstance(each, Class):
                self._registered.add(each.node)
        match described := describe(reader, made):
            case FoundTask():
                self._found.setdefault(described.spec.name, described)  # Celery keeps the first, too
                self.made.append(MadeTask(described, made.task))
            case Alias():
                self._aliases.append(described)
            case Unresolved():
                self.unresolved.append(described)
            case None:
                pass

    def finish(self) -> list[FoundTask]:
        """Return the tasks sorted by name."""
        for made in self._waiting:
            target = made.task.target
            if isinstance(target, Class) and target.node not in self._registered:
                what = f"the task class {target.node.name} is registered nowhere that can be seen"
                self.unresolved.append(Unresolved(made.place, what))
        for alias in self._aliases:
            task = self._found.get(alias.of)
            if task is None:
                self.unresolved.append(
                    Unresolved(alias.place, f"{alias.name} is another name of an unknown task")
                )
            else:
                spec = replace(task.spec, name=alias.name, wire_name=alias.name)
                self._found.setdefault(alias.name, FoundTask(spec, task.place, task.target))
        return [self._found[name] for name in sorted(self._found)]
