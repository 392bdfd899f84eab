"""Whether one task takes what it is handed: a proof, a result that it refuses, or neither."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from taskcontract.canvas.joints import name_of
from taskcontract.canvas.report import Link
from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.errbacks import require_errbacks
from taskcontract.declare.examples import find_candidates, with_examples
from taskcontract.declare.signature import TaskSignature
from taskcontract.diff.schemas.comparison import count_comparison
from taskcontract.errors import ArgumentTypeError

if TYPE_CHECKING:
    from taskcontract.canvas.handing import Handed
    from taskcontract.canvas.joints import Joint
    from taskcontract.declare.slots import Slot
    from taskcontract.model.canonical import Json

__all__ = ["judge_joint"]

LONGEST = 200
"""Characters of a result that are shown."""


def judge_joint(joint: Joint) -> Link:
    """Return the verdict on one place of a canvas."""
    giver, taker = joint.handed.text, name_of(joint.taker)
    if not isinstance(joint.taker, TaskSignature):
        return Link(giver, taker, "not judged", f"{taker} has no bindings")
    if joint.is_errback:
        try:
            require_errbacks(joint.taker)
        except ArgumentTypeError as error:
            return Link(giver, taker, "misfit", error.what)
        return Link(giver, taker, "fits")
    if joint.taker.immutable:  # it has all its arguments, and is given none
        return Link(giver, taker, "fits")
    binding: Any = joint.taker.binding
    kwargs = without_keywords(binding.service.carries, joint.taker.kwargs)
    try:
        slot = binding.binder.find_front(tuple(joint.taker.args), kwargs)
    except ArgumentTypeError as error:
        return Link(giver, taker, "misfit", f"with the result in front of its arguments, {error.what}")
    if joint.handed.unknown:
        return Link(giver, taker, "not judged", joint.handed.unknown)
    return _compare(joint.handed, slot, giver, taker)


def _compare(handed: Handed, slot: Slot, giver: str, taker: str) -> Link:
    schema = slot.item.schema("read")
    written = handed.schema()
    answer, _ = count_comparison(written, with_examples(schema, slot.item), patterns="rust", confirmed=False)
    if answer.verdict == "included":
        return Link(giver, taker, "fits")
    witnesses = [answer.witness] if answer.verdict == "not-included" else []
    for value in (*witnesses, *find_candidates(written)):
        refusal = _find_refusal(slot, value)
        if refusal and handed.can_be(value):
            shown = json.dumps(value, ensure_ascii=False)
            shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}..."
            why = f"its parameter {slot.name!r} refuses the result {shown} ({refusal})"
            return Link(giver, taker, "misfit", why, value, has_witness=True)
    reason = answer.reason.removeprefix("$: ") or "no result is found that its codec refuses"
    return Link(giver, taker, "undecided", f"in its parameter {slot.name!r}: {reason}")


def _find_refusal(slot: Slot, value: Json) -> str:
    """Return why the parameter's codec refuses a value; empty if it does not."""
    try:
        slot.item.decode(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = "".join(f"[{each!r}]" for each in first["loc"])
        return f"{place}: {first['msg']}" if place else str(first["msg"])
    return ""
