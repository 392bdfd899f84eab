"""The schema of a parameter or a result as a whole, and what the engine proves about its differences."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.diff.walker.closing import close_objects
from taskcontract.diff.walker.messages import call_with
from taskcontract.diff.walker.nodes import standalone
from taskcontract.diff.walker.samples import usual_texts
from taskcontract.errors import SpecError
from taskcontract.model.equality import same_json
from taskcontract.model.finding import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from taskcontract.diff.schemas import SchemaComparison
    from taskcontract.diff.walker.context import Context
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding, Known, Severity
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["Proof", "Subject"]


class Proof(NamedTuple):
    """That a difference is real: how grave it is, how that is known, and what shows it."""

    severity: Severity
    known: Known
    witness: Witness | None = None


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
        self.taken_before, self.taken_now = taken or (old, new)
        self.service = context.old.name
        self.task = self.old_task.name
        self.version = self.old_task.version
        self._engine = context.schemas
        self.samples = context.samples

    @cached_property
    def same_definitions(self) -> bool:
        """Whether equal parts of the two schemas mean the same."""
        return all(
            same_json(_member(self.old, key), _member(self.new, key)) for key in ("$defs", "definitions")
        )

    @cached_property
    def lost(self) -> SchemaComparison:
        """The engine's answer: does the new schema take all values of the old one?"""
        return self._compare(self.old, self._target("lost"))

    @cached_property
    def gained(self) -> SchemaComparison:
        """The engine's answer: did the old schema take all values of the new one?"""
        return self._compare(self.new, self._target("gained"))

    @property
    def breaking_side(self) -> Literal["lost", "gained"]:
        """Which difference breaks somebody: lost values of a parameter, gained ones of a result."""
        return "gained" if self.parameter is None else "lost"

    @property
    def gravest(self) -> Severity:
        """How grave a proved break is: types that nobody checks do not refuse a message."""
        return "breaking" if self.new_task.enforced else "dangerous"

    @property
    def other_calls(self) -> Iterator[Witness]:
        """Calls with values of the parameter that a finding's own call might have to give way to."""
        if self.parameter is not None:
            closed = self._engine.compare(close_objects(self.old), self.new)
            values = (
                self.lost.witness,
                closed.witness,
                self.samples.value_of(self.old),
                self.samples.member_of(self.old),
            )
            for value in values:
                yield self._call_with(self.parameter, value)

    def require_valid(self) -> None:
        """Raise SpecError, naming the parameter, if one of the schemas is none that the engine can read."""
        self._compare(self.old, self.new)

    def prove_part(
        self,
        side: Literal["lost", "gained"],
        part: Json,
        limit: Json,
        lift: Callable[[Json], Json],
        *,
        undeclared: bool = False,
    ) -> Proof | None:
        """Return the proof that values of one place are lost (or gained); None if they are not.

        `part` is the schema of the place on the side that has them, `limit` what bounds them on the other;
        `lift` makes a value of the place one of the whole. With `undeclared`, keys that no schema names are
        what is at stake, so that they count in full.
        """
        if getattr(self, side).verdict != "not-included":
            return None
        return self._prove(side, part, limit, lift, undeclared)

    def explained_by(self, findings: Iterable[Finding], side: Literal["lost", "gained"]) -> bool:
        """Whether `findings` are as grave as what the engine says about one side."""
        proof = self.prove_whole(side)
        if proof is None:
            return True
        if side != self.breaking_side:
            return any("forward" in finding.directions for finding in findings)
        severities = {finding.severity for finding in findings}
        return proof.severity in severities or "breaking" in severities

    def prove_whole(self, side: Literal["lost", "gained"]) -> Proof | None:
        """What the engine's own witness shows; None if only keys that nobody sends are at stake."""
        comparison = getattr(self, side)
        if comparison.verdict != "not-included":
            return None
        closed = self._engine.compare(close_objects(self._source(side)), self._target(side))
        if side != self.breaking_side:
            return None if closed.verdict == "included" else Proof("safe", "proved")
        if closed.verdict == "not-included":
            found = self._tell(close_objects(self._source(side)), self._target(side), closed.witness)
            return self._shown(self.gravest, found)
        if closed.verdict == "undecided" and self.context.policy.objects == "closed":
            return Proof("dangerous", "undecided")  # more than undeclared keys may be at stake
        return self._weigh_undeclared(comparison.witness, in_full=closed.verdict == "undecided")

    def _prove(
        self,
        side: Literal["lost", "gained"],
        part: Json,
        limit: Json,
        lift: Callable[[Json], Json],
        undeclared: bool,
    ) -> Proof | None:
        source, target = self._source(side), self._target(side)
        try:
            outside = self._engine.compare(standalone(part, source), standalone(limit, target))
        except SpecError:
            return None  # a part that refers to the whole can't stand alone: the remainder speaks for it
        if outside.verdict != "not-included":
            return None
        if side != self.breaking_side:
            return Proof("safe", "proved")
        telling = self._tell(standalone(part, source), standalone(limit, target), outside.witness)
        value = lift(telling)
        if not self._engine.takes(source, value):
            # The parts around it could not be filled in: the whole has a witness of its own.
            value = getattr(self, side).witness
        elif not self._engine.refuses(target, value):
            return None
        if self._engine.refuses(close_objects(source), value):
            return self._weigh_undeclared(value, in_full=undeclared)
        return self._shown(self.gravest, value)

    def _tell(self, source: Json, target: Json, found: Json) -> Json:
        """A value of `source` that `target` refuses, as `found` is; one that reads well if there is one."""
        sample = self.samples.value_of(
            source, self.parameter.name if self.parameter is not None else "result"
        )
        for value in (sample, *usual_texts(source)):
            if (
                value is not None
                and self._engine.takes(source, value)
                and self._engine.refuses(target, value)
            ):
                return value
        return found

    def _weigh_undeclared(self, value: Json, *, in_full: bool) -> Proof | None:
        """The proof by a value with undeclared keys: nobody sends one if objects are read closed."""
        if self.context.policy.objects == "closed":
            return None
        return self._shown(self.gravest if in_full else "dangerous", value)

    def _shown(self, severity: Severity, value: Json) -> Proof:
        if self.parameter is None:
            return Proof(severity, "witnessed", Witness(value=value, is_value=True))
        return Proof(severity, "witnessed", self._call_with(self.parameter, value))

    def _call_with(self, parameter: ParameterSpec, value: Json) -> Witness:
        return call_with(self.old_task, self.new_task, parameter.name, value, self.context.bench)

    def _compare(self, old: Json, new: Json) -> SchemaComparison:
        try:
            return self._engine.compare(old, new)
        except SpecError as error:
            where = f"{self.old_task.id}: {self.path}: {error.where}"
            raise SpecError(error.what, where=where, do=error.do) from None

    def _source(self, side: Literal["lost", "gained"]) -> Json:
        return self.old if side == "lost" else self.new

    def _target(self, side: Literal["lost", "gained"]) -> Json:
        return self.taken_now if side == "lost" else self.taken_before


def _member(schema: Json, key: str) -> Json:
    return schema.get(key) if isinstance(schema, dict) else None
