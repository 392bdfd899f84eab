"""Recursion that never describes a part of the value: no validator can finish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.formulas import AllOf, AnyOf, Formula, Not, OneOf, Reference
from taskcontract.diff.schemas.places import refuse

if TYPE_CHECKING:
    from taskcontract.diff.schemas.places import Place


def refuse_loops(loops: dict[Reference, Place]) -> None:
    """Raise SpecError if one of these references leads back to itself while it speaks of the same value."""
    for reference, place in loops.items():
        if _reaches(reference.target, reference):
            refuse(
                place,
                "this reference leads back to itself without ever describing a part of the value",
                "Remove the loop: no validator can finish it.",
            )


def _reaches(start: Formula, wanted: Reference) -> bool:
    seen: set[Formula] = set()
    waiting = [start]
    while waiting:
        current = waiting.pop()
        if current is wanted:
            return True
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current, AllOf | AnyOf | OneOf):
            waiting.extend(current.parts)
        elif isinstance(current, Not):
            waiting.append(current.part)
        elif isinstance(current, Reference):
            waiting.append(current.target)
    return False
