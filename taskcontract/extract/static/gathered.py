"""The tasks of a project as they are found: one for each name, those of classes once these are registered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.describe import Alias, FoundTask, describe
from taskcontract.extract.static.values import Class, Instance

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

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
        self._found: dict[str, list[FoundTask]] = {}
        """Those of one name in the order in which they were found. Celery keeps the first that it registers:
        that is a matter of the order of imports, for shared tasks not even of that."""
        self._aliases: list[Alias] = []
        self._waiting: list[Made] = []
        self._registered: set[ast.ClassDef] = set()

    def add(self, reader: Reader, made: Made | Unresolved) -> None:
        """Add what a statement makes, or may make."""
        if isinstance(made, Unresolved):
            self.unresolved.append(made)
            return
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
                self._found.setdefault(described.spec.name, []).append(described)
                self.made.append(MadeTask(described, made.task))
                if not made.task.options.whole:
                    self.unresolved.append(_say_options(described, made.task))
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
            tasks = self._found.get(alias.of)
            if tasks is None:
                self.unresolved.append(
                    Unresolved(alias.place, f"{alias.name} is another name of an unknown task")
                )
            else:
                first = tasks[0]
                spec = replace(first.spec, name=alias.name, wire_name=alias.name)
                self._found.setdefault(alias.name, [FoundTask(spec, first.place, first.target)])
        for name, tasks in self._found.items():
            self.unresolved += _say_shared(name, tasks)
        return [self._found[name][0] for name in sorted(self._found)]


def _say_options(task: FoundTask, made: TaskValue) -> Unresolved:
    """Return what is listed for a task that `**options` of unknown keys are passed to."""
    hidden = [option for option in ("name", "bind") if option not in made.options.items]
    among = f", {' and '.join(hidden)} perhaps among them" if hidden else ""
    what = f"the options of {task.spec.name} are not all known{among}"
    return Unresolved(task.place, what, hides_name="name" in hidden)


def _say_shared(name: str, tasks: list[FoundTask]) -> Iterator[Unresolved]:
    """Yield what is listed where several tasks have one name, at the place of each."""
    places = {each.place: each for each in tasks}
    if len(places) < 2:
        return
    for place in places:
        what = f"{len(places)} tasks are named {name}, this one among them: a worker has only one"
        yield Unresolved(place, what, hides_name=False)
