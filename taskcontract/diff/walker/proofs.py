"""What the engine proves about the differences of two schemas, with a call or a value that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.walker.closing import close_objects
from taskcontract.diff.walker.messages import call_with
from taskcontract.diff.walker.nodes import standalone
from taskcontract.diff.walker.samples import usual_texts
from taskcontract.errors import SpecError
from taskcontract.model.finding import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from taskcontract.diff.walker.subjects import Side, Subject
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding, Known, Severity
    from taskcontract.model.service import ParameterSpec

__all__ = ["Proof", "is_explained", "other_calls", "prove_part", "prove_whole"]


class Proof(NamedTuple):
    """That a difference is real: how grave it is, how that is known, and what shows it."""

    severity: Severity
    known: Known
    witness: Witness | None = None


def prove_part(
    subject: Subject,
    side: Side,
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
    if subject.answer(side).verdict != "not-included":
        return None
    engine, source, target = subject.context.schemas, subject.source(side), subject.target(side)
    inner, bound = standalone(part, source), standalone(limit, target)
    try:
        outside = engine.compare(inner, bound)
    except SpecError:
        return None  # a part that refers to the whole can't stand alone: the remainder speaks for it
    if outside.verdict != "not-included":
        return None
    if side != subject.breaking_side:
        return Proof("safe", "proved")
    value = lift(_choose_telling(subject, inner, bound, outside.witness))
    if not engine.takes(source, value):
        # The parts around it could not be filled in: the whole has a witness of its own.
        value = subject.answer(side).witness
    elif not engine.refuses(target, value):
        return None
    if engine.refuses(close_objects(source), value):
        return _weigh_undeclared(subject, value, in_full=undeclared)
    return _show(subject, subject.gravest, value)


def prove_whole(subject: Subject, side: Side) -> Proof | None:
    """Return what the engine's own witness shows; None if it has only keys that no caller sends."""
    comparison = subject.answer(side)
    if comparison.verdict != "not-included":
        return None
    source, target = close_objects(subject.source(side)), subject.target(side)
    closed = subject.context.schemas.compare(source, target)
    if side != subject.breaking_side:
        return None if closed.verdict == "included" else Proof("safe", "proved")
    if closed.verdict == "not-included":
        value = _choose_telling(subject, source, target, closed.witness)
        return _show(subject, subject.gravest, value)
    if closed.verdict == "undecided" and subject.context.policy.objects == "closed":
        return Proof("dangerous", "undecided")  # more than undeclared keys may be at stake
    return _weigh_undeclared(subject, comparison.witness, in_full=closed.verdict == "undecided")


def is_explained(subject: Subject, side: Side, findings: Iterable[Finding]) -> bool:
    """Return whether `findings` are as grave as what the engine says about one side."""
    proof = prove_whole(subject, side)
    if proof is None:
        return True
    if side != subject.breaking_side:
        return any("forward" in finding.directions for finding in findings)
    severities = {finding.severity for finding in findings}
    return proof.severity in severities or "breaking" in severities


def other_calls(subject: Subject) -> Iterator[Witness]:
    """Yield calls with values of the parameter that a finding's own call might have to give way to."""
    if subject.parameter is not None:
        samples = subject.context.samples
        closed = subject.context.schemas.compare(close_objects(subject.old), subject.new)
        values = (
            subject.lost.witness,
            closed.witness,
            samples.value_of(subject.old),
            samples.member_of(subject.old),
        )
        for value in values:
            yield _call_with(subject, subject.parameter, value)


def _choose_telling(subject: Subject, source: Json, target: Json, found: Json) -> Json:
    """Return a readable value of `source` that `target` refuses; `found` if there is no other."""
    engine = subject.context.schemas
    label = subject.parameter.name if subject.parameter is not None else "result"
    for value in (subject.context.samples.value_of(source, label), *usual_texts(source)):
        if value is not None and engine.takes(source, value) and engine.refuses(target, value):
            return value
    return found


def _weigh_undeclared(subject: Subject, value: Json, *, in_full: bool) -> Proof | None:
    """Return the proof by a value with undeclared keys; None if the policy reads objects as closed."""
    if subject.context.policy.objects == "closed":
        return None
    return _show(subject, subject.gravest if in_full else "dangerous", value)


def _show(subject: Subject, severity: Severity, value: Json) -> Proof:
    if subject.parameter is None:
        return Proof(severity, "witnessed", Witness(value=value, is_value=True))
    return Proof(severity, "witnessed", _call_with(subject, subject.parameter, value))


def _call_with(subject: Subject, parameter: ParameterSpec, value: Json) -> Witness:
    return call_with(subject.old_task, subject.new_task, parameter.name, value, subject.context.bench)
