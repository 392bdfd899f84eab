"""Which tasks of a service can take the result of which, in a chain or as the body of a chord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.handed import find_first, pass_on
from taskcontract.diff.walker.nodes import resolve
from taskcontract.model.equality import spell_sorted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec

__all__ = ["Links"]

MOST_LINKS = 20
"""Tasks looked at for one schema: a service with more of them is not understood better by a longer list."""


class Links:
    """The tasks of one service by the result that they return and by the argument that they take first.

    Only objects and arrays count: a string fits everywhere, and says nothing about who follows whom.
    """

    def __init__(self, spec: ServiceSpec) -> None:
        self._takers: dict[str, list[TaskSpec]] = {}
        self._givers: dict[str, list[TaskSpec]] = {}
        for task in spec.tasks:
            first = find_first(task)
            if first is not None:
                _note(self._takers, first.schema, task)
            _note(self._givers, task.result, task)

    def takers_of(self, task: TaskSpec) -> Iterator[tuple[TaskSpec, bool]]:
        """Yield tasks that take this one's result first, and whether it comes in a list (a chord's body)."""
        if _tells(task.result):
            for chord in (False, True):
                key = spell_sorted(pass_on(task.result, chord=chord))
                yield from ((taker, chord) for taker in self._takers.get(key, ())[:MOST_LINKS])

    def givers_to(self, first: ParameterSpec) -> Iterator[tuple[TaskSpec, bool]]:
        """Yield tasks whose result `first` takes, and whether it comes in a list (a chord's body)."""
        for chord, handed in ((False, first.schema), (True, _item_of(first.schema))):
            found = self._givers.get(spell_sorted(handed), ()) if _tells(handed) else ()
            yield from ((giver, chord) for giver in found[:MOST_LINKS])


def _item_of(schema: Json) -> Json:
    """Undo `pass_on` for a chord: return the item's schema; None if `schema` is not a list of one schema."""
    if not isinstance(schema, dict) or not schema.keys() <= {"$defs", "items", "type"}:
        return None
    item = schema.get("items")
    return {**item, "$defs": schema["$defs"]} if isinstance(item, dict) and "$defs" in schema else item


def _note(index: dict[str, list[TaskSpec]], schema: Json, task: TaskSpec) -> None:
    if _tells(schema):
        index.setdefault(spell_sorted(schema), []).append(task)


def _tells(schema: Json) -> bool:
    """Whether few tasks have such a schema: that of an object or an array."""
    if not isinstance(schema, dict):
        return False
    kind = schema.get("type")
    if kind is None:
        plain = resolve(schema, schema)
        kind = plain.get("type") if isinstance(plain, dict) else None
    return kind in ("object", "array")
