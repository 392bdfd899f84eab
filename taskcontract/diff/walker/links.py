"""Which tasks of a service can take the result of which, in a chain or as the body of a chord."""

from __future__ import annotations

from marshal import dumps
from typing import TYPE_CHECKING

from taskcontract.diff.walker.nodes import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec

__all__ = ["Links", "find_first", "pass_on"]

MOST_LINKS = 20
"""Tasks looked at for one schema: a service with more of them is not understood better by a longer list."""


class Links:
    """The tasks of one service by the result that they return and by the argument that they take first.

    Only objects and arrays count: a string fits everywhere, and says nothing about who follows whom.
    """

    def __init__(self, spec: ServiceSpec) -> None:
        self._takers: dict[bytes, list[TaskSpec]] = {}
        self._givers: dict[bytes, list[TaskSpec]] = {}
        for task in spec.tasks:
            first = find_first(task)
            if first is not None:
                _note(self._takers, first.schema, task)
            for chord in (False, True):
                _note(self._givers, pass_on(task.result, chord=chord), task)

    def takers_of(self, task: TaskSpec) -> Iterable[tuple[TaskSpec, bool]]:
        """The tasks that take this one's result first, or (a chord's body) a list of such results."""
        for chord in (False, True):
            found = self._takers.get(dumps(pass_on(task.result, chord=chord), 2), ())
            yield from ((taker, chord) for taker in found[:MOST_LINKS])

    def givers_to(self, first: ParameterSpec) -> Iterable[tuple[TaskSpec, bool]]:
        """The tasks whose result, or a list of them, has the schema of the parameter `first`."""
        for task in self._givers.get(dumps(first.schema, 2), ())[:MOST_LINKS]:
            yield task, dumps(task.result, 2) != dumps(first.schema, 2)


def find_first(task: TaskSpec) -> ParameterSpec | None:
    """The parameter that the result of the task before lands in, or None."""
    first = task.parameters[0] if task.parameters else None
    if first is None or first.kind not in ("positional-only", "positional-or-keyword"):
        return None
    return first


def pass_on(result: Json, *, chord: bool) -> Json:
    """The schema of what the next task gets: the result, or for a chord's body the list of all of them."""
    if not chord:
        return result
    if not isinstance(result, dict) or "$defs" not in result:
        return {"items": result, "type": "array"}
    item = {key: value for key, value in result.items() if key != "$defs"}
    return {"$defs": result["$defs"], "items": item, "type": "array"}


def _note(index: dict[bytes, list[TaskSpec]], schema: Json, task: TaskSpec) -> None:
    plain = resolve(schema, schema)
    if isinstance(plain, dict) and plain.get("type") in ("object", "array"):
        index.setdefault(dumps(schema, 2), []).append(task)
