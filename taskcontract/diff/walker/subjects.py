"""The schema of a parameter or a result as a whole, before and after, and the engine's answers on it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from taskcontract.errors import SpecError
from taskcontract.model.equality import same_json

if TYPE_CHECKING:
    from taskcontract.diff.schemas import SchemaComparison
    from taskcontract.diff.walker.context import Context
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Severity
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["Side", "Subject"]

Side: TypeAlias = Literal["lost", "gained"]
"""Values that the old schema has and the new one has not, or the other way round."""


class Subject:
    """The whole schema that a place belongs to: `old` and `new`, and who sends the values and who takes them.

    Callers send the values of a parameter: *lost* values break them. Workers send results: there it is the
    *gained* ones that break their readers. In the other direction a change can only be safe. `taken` are the
    schemas of what each side takes, where that is more than what the other one sends.
    """

    def __init__(
        self,
        context: Context,
        tasks: tuple[TaskSpec, TaskSpec],
        old: Json,
        new: Json,
        path: str,
        parameter: ParameterSpec | None = None,
        *,
        taken: tuple[Json, Json] | None = None,
    ) -> None:
        self.context = context
        self.old_task, self.new_task = tasks
        self.old = old
        self.new = new
        self.path = path
        self.parameter = parameter
        self._taken_before, self._taken_now = taken or (old, new)
        self.service = context.old.name
        self.task = self.old_task.name
        self.version = self.old_task.version

    @cached_property
    def same_definitions(self) -> bool:
        """Whether equal parts of the two schemas mean the same."""
        return all(
            same_json(_member(self.old, key), _member(self.new, key)) for key in ("$defs", "definitions")
        )

    @cached_property
    def lost(self) -> SchemaComparison:
        """The engine's answer to whether the new schema accepts all values of the old one."""
        return self._compare(self.old, self.target("lost"))

    @cached_property
    def gained(self) -> SchemaComparison:
        """The engine's answer to whether the old schema accepts all values of the new one."""
        return self._compare(self.new, self.target("gained"))

    def answer(self, side: Side) -> SchemaComparison:
        """Return the engine's answer on one side."""
        return self.lost if side == "lost" else self.gained

    def source(self, side: Side) -> Json:
        """Return the schema of the values that are lost or gained."""
        return self.old if side == "lost" else self.new

    def target(self, side: Side) -> Json:
        """Return the schema that does not take them."""
        return self._taken_now if side == "lost" else self._taken_before

    @property
    def breaking_side(self) -> Side:
        """Which difference breaks a caller: lost values of a parameter, gained ones of a result."""
        return "gained" if self.parameter is None else "lost"

    @property
    def gravest(self) -> Severity:
        """How grave a proved break is: types that are not checked do not refuse a message."""
        return "breaking" if self.new_task.enforced else "dangerous"

    def require_valid(self) -> None:
        """Raise SpecError, naming the parameter, if the engine cannot read one of the schemas."""
        self._compare(self.old, self.new)

    def _compare(self, old: Json, new: Json) -> SchemaComparison:
        try:
            return self.context.schemas.compare(old, new)
        except SpecError as error:
            where = f"{self.old_task.id}: {self.path}: {error.where}"
            raise SpecError(error.what, where=where, do=error.do) from None


def _member(schema: Json, key: str) -> Json:
    return schema.get(key) if isinstance(schema, dict) else None
