"""What flows from one task of a canvas to the next: a result, a list of results, or something unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.diff.handed import list_of
from taskcontract.model.equality import same_exactly
from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.declare.protocols import TaskLike
    from taskcontract.model.canonical import Json

__all__ = ["Handed", "ManyResults", "OneResult", "Unknown"]

OPEN = frozenset(("$ref", "additionalProperties", "allOf", "anyOf", "oneOf", "patternProperties"))
"""Keywords that speak of other members, too."""


class Handed(Protocol):
    """What a task is handed."""

    @property
    def text(self) -> str:
        """Who hands it."""
        ...

    @property
    def unknown(self) -> str:
        """Why nothing is known of it; empty where its type is."""
        ...

    def schema(self) -> Json:
        """Return the JSON Schema of what may come."""
        ...

    def can_be(self, value: Json) -> bool:
        """Return whether the tasks' own codecs write `value`."""
        ...


@dataclass(frozen=True)
class Unknown:
    """What a task hands on that has no bindings, or whose result Celery makes."""

    text: str
    unknown: str

    def schema(self) -> Json:
        """Return the schema of anything."""
        return True

    def can_be(self, value: Json) -> bool:
        """Return the flow of which nothing is known."""
        return False


@dataclass(frozen=True)
class OneResult:
    """The result of one declared task."""

    task: TaskLike[Any]
    unknown: str = ""

    @property
    def text(self) -> str:
        """The task's name and version."""
        return self.task.id

    def schema(self) -> Json:
        """Return what its spec says that it writes, and no more: its codec leaves out other members."""
        return _close(self.task.binder.result.schema("write"))

    def can_be(self, value: Json) -> bool:
        """Return whether there is a result that is sent as `value`."""
        codec = self.task.binder.result
        try:
            return same_exactly(codec.encode(codec.check(codec.decode(value))), value)
        except (ValidationError, PydanticSerializationError):
            return False


@dataclass(frozen=True)
class ManyResults:
    """The list of the results of a group, a chord's header, or a map."""

    parts: Sequence[Handed]

    @property
    def text(self) -> str:
        """The names of the tasks, each once."""
        names = ", ".join(dict.fromkeys(part.text for part in self.parts))
        return f"the group of {len(self.parts)} ({names})"

    @property
    def unknown(self) -> str:
        """What is not known of the first part that nothing is known of."""
        return next((part.unknown for part in self.parts if part.unknown), "")

    def schema(self) -> Json:
        """Return the schema of lists of one result of each."""
        return list_of([part.schema() for part in self.parts])

    def can_be(self, value: Json) -> bool:
        """Return whether each item can be the result of its part."""
        return (
            isinstance(value, list)
            and len(value) == len(self.parts)
            and all(part.can_be(item) for part, item in zip(self.parts, value, strict=True))
        )


def _close(schema: Json) -> Json:
    """Return `schema` with no members but those that it speaks of."""
    if not isinstance(schema, dict):
        return schema
    closed = change_parts(schema, _close)
    if "properties" not in closed or not closed.keys().isdisjoint(OPEN):
        return closed
    return {**closed, "additionalProperties": False}
