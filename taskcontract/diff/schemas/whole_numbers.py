"""A whole number within bounds, a multiple of some whole numbers and not of others."""

from __future__ import annotations

from math import ceil, floor, lcm
from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import NO_VALUE, Answer, found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.diff.schemas.assertions import MultipleOf
    from taskcontract.diff.schemas.goal_solver import GoalSolver
    from taskcontract.diff.schemas.number_range import Range

#: How many candidates are looked at before a search for a number counts as not finished.
MOST_CANDIDATES = 5_000


def find_step(multiples: Sequence[tuple[MultipleOf, bool]]) -> int:
    """Return the step between the whole numbers that are multiples of all exact divisors."""
    return lcm(*(atom.divisor for atom, sign in multiples if sign and isinstance(atom.divisor, int)))


def search_wholes(
    solver: GoalSolver, bounds: Range, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
) -> Answer:
    """Find a whole number within the bounds that is not in `excluded`; its divisors are exact."""
    step = find_step(multiples)
    # A whole number is a multiple of every power of two below one.
    banned: list[int] = []
    for atom, sign in multiples:
        if not sign:
            every = lcm(step, atom.divisor) // step if isinstance(atom.divisor, int) else 1
            if every == 1:
                return NO_VALUE
            banned.append(every)
    first = last = None
    if bounds.low is not None:
        least = floor(bounds.low) + 1 if bounds.low_open else ceil(bounds.low)
        first = -(-least // step)
    if bounds.high is not None:
        most = ceil(bounds.high) - 1 if bounds.high_open else floor(bounds.high)
        last = most // step
    if first is not None and last is not None and first > last:
        return NO_VALUE
    for tried, at in enumerate(_walk(first, last)):
        solver.budget.spend()
        if tried > MOST_CANDIDATES:
            return _jump(solver, first, last, step, banned, excluded)
        if at * step not in excluded and all(at % every for every in banned):
            return found(at * step)
    return NO_VALUE


def _walk(first: int | None, last: int | None) -> Iterator[int]:
    """Yield the whole numbers of a range: from its end nearest to zero away from it, or around zero."""
    if first is not None and first >= 0:
        at = first
        while last is None or at <= last:
            yield at
            at += 1
    elif last is not None and last <= 0:
        at = last
        while first is None or at >= first:
            yield at
            at -= 1
    else:
        yield 0
        at = 1
        while True:
            up, down = last is None or at <= last, first is None or -at >= first
            if up:
                yield at
            if down:
                yield -at
            if not up and not down:
                return
            at += 1


def _jump(
    solver: GoalSolver,
    first: int | None,
    last: int | None,
    step: int,
    banned: list[int],
    excluded: set[float],
) -> Answer:
    """Numbers one beside a common multiple of what is banned are never banned themselves."""
    period = lcm(*banned)
    start = first if first is not None else (last - period * (len(excluded) + 2) if last is not None else 0)
    at = start - start % period + 1
    for _ in range(len(excluded) + 2):
        if at >= start and (last is None or at <= last) and at * step not in excluded:
            return found(at * step)
        at += period
    return solver.doubt("the multiples cannot be searched in full")
