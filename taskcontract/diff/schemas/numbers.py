"""A number within bounds, a multiple of some numbers and not of others."""

from __future__ import annotations

from math import ceil, floor, isfinite, lcm
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.schemas.answers import NO_VALUE, NONE, Answer, found
from taskcontract.diff.schemas.assertions import AtLeast, AtMost, MultipleOf
from taskcontract.diff.schemas.evaluation import hold_number
from taskcontract.diff.schemas.number_candidates import list_decimals, list_fractions, list_wholes
from taskcontract.diff.schemas.values import FRACTION, INTEGER, find_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.goal_solver import GoalSolver

#: How many candidates are looked at before a search for a whole number counts as not finished.
MOST_CANDIDATES = 5_000


class _Range(NamedTuple):
    """Bounds, each with whether it is itself outside; None for none."""

    low: float | None
    low_open: bool
    high: float | None
    high_open: bool


def solve_number(
    solver: GoalSolver, bit: int, atoms: Sequence[tuple[Assertion, bool]], excluded: Sequence[float]
) -> Answer:
    """Find a number of one JSON type that satisfies the assertions and is not in `excluded`."""
    numbers = [(atom, sign) for atom, sign in atoms if isinstance(atom, AtLeast | AtMost | MultipleOf)]
    bounds = _find_range(numbers)
    multiples = [(atom, sign) for atom, sign in numbers if isinstance(atom, MultipleOf)]
    exact = [(atom, sign) for atom, sign in multiples if _is_exact(atom)]
    search = _search_fractions if bit == FRACTION else _search_wholes
    answer = search(solver, bounds, exact, set(excluded))
    if answer.status == NONE:
        return answer
    if len(exact) < len(multiples):
        answer = _try_inexact(solver, bit, bounds, multiples, set(excluded))
    if answer.status == "found" and bit != FRACTION:
        return _write_whole(solver, bit, answer.value)
    return answer


def _write_whole(solver: GoalSolver, bit: int, value: int) -> Answer:
    if bit == INTEGER:
        return found(value)
    if abs(value) < 2**53:
        return found(float(value))
    return solver.doubt("whole numbers this large cannot be told from their neighbours")


def _is_exact(atom: MultipleOf) -> bool:
    if isinstance(atom.divisor, int):
        return True
    from taskcontract.diff.schemas.decimals import is_exact

    return is_exact(atom.divisor)


def _find_range(atoms: Sequence[tuple[Assertion, bool]]) -> _Range:
    low: tuple[float, bool] | None = None
    high: tuple[float, bool] | None = None
    for atom, sign in atoms:
        if not isinstance(atom, AtLeast | AtMost):
            continue
        bound = (atom.bound, atom.open is sign)
        if isinstance(atom, AtLeast) is sign:
            low = bound if low is None else max(low, bound)
        else:
            high = bound if high is None else min(high, bound, key=lambda found: (found[0], not found[1]))
    return _Range(
        low[0] if low else None,
        low is not None and low[1],
        high[0] if high else None,
        high is not None and high[1],
    )


def _find_step(multiples: Sequence[tuple[MultipleOf, bool]]) -> int:
    """Return the step between the whole numbers that are multiples of all exact divisors."""
    return lcm(*(atom.divisor for atom, sign in multiples if sign and isinstance(atom.divisor, int)))


def _search_wholes(
    solver: GoalSolver, bounds: _Range, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
) -> Answer:
    step = _find_step(multiples)
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


def _search_fractions(
    solver: GoalSolver, bounds: _Range, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
) -> Answer:
    if any(sign and isinstance(atom.divisor, int) for atom, sign in multiples):
        return NO_VALUE
    low, high = bounds.low, bounds.high
    if low is not None and high is not None:
        if low > high or (
            low == high and (bounds.low_open or bounds.high_open or find_type(low) != FRACTION)
        ):
            return NO_VALUE
        if low == high:
            return _try_only(solver, low, multiples, excluded)
    for value in list_fractions(low, high, multiples):
        solver.budget.spend()
        if (
            isfinite(value)
            and find_type(value) == FRACTION
            and value not in excluded
            and _is_within(value, bounds)
            and all(hold_number(atom, value) is sign for atom, sign in multiples)
        ):
            return found(value)
    return _prove_no_fraction(solver, bounds, multiples, excluded)


def _try_only(
    solver: GoalSolver, value: float, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
) -> Answer:
    held = [(hold_number(atom, value), sign) for atom, sign in multiples]
    if value in excluded or any(holds is (not sign) for holds, sign in held):
        return NO_VALUE
    if any(holds is None for holds, _ in held):
        return solver.doubt(f"whether {value} is a multiple cannot be told", value)
    return found(value)


def _prove_no_fraction(
    solver: GoalSolver, bounds: _Range, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
) -> Answer:
    """With exact divisors the fractions are multiples of the largest one: count them where they are few."""
    divisors = [atom.divisor for atom, sign in multiples if sign]
    if any(not sign and atom.divisor in divisors for atom, sign in multiples):
        return NO_VALUE
    if divisors and any(
        not sign and not isinstance(atom.divisor, int) and max(divisors) % atom.divisor == 0
        for atom, sign in multiples
    ):
        return NO_VALUE
    if (
        not divisors
        or bounds.low is None
        or bounds.high is None
        or abs(bounds.low) > 2**40
        or abs(bounds.high) > 2**40
    ):
        return solver.doubt("no fraction within the bounds could be written down")
    divisor = max(divisors)
    first, last = ceil(bounds.low / divisor), floor(bounds.high / divisor)
    if last - first > MOST_CANDIDATES:
        return solver.doubt("the fractions within the bounds are too many to try")
    for at in range(first, last + 1):
        solver.budget.spend()
        value = at * divisor
        if find_type(value) == FRACTION and _is_within(value, bounds):
            answer = _try_only(solver, value, multiples, excluded)
            if answer.status != NONE:
                return answer
    return NO_VALUE


def _is_within(value: float, bounds: _Range) -> bool:
    above = bounds.low is None or value > bounds.low or (value == bounds.low and not bounds.low_open)
    below = bounds.high is None or value < bounds.high or (value == bounds.high and not bounds.high_open)
    return above and below


def _try_inexact(
    solver: GoalSolver,
    bit: int,
    bounds: _Range,
    multiples: Sequence[tuple[MultipleOf, bool]],
    excluded: set[float],
) -> Answer:
    """Find a multiple of divisors such as 0.01; finding none proves nothing, as decimals are rounded."""
    from taskcontract.diff.schemas.decimals import is_covered

    divisors = [atom.divisor for atom, sign in multiples if sign]
    refused = [atom.divisor for atom, sign in multiples if not sign]
    steps = divisors if bit == FRACTION else [1, *divisors]
    if any(is_covered(step, divisor) for step in steps for divisor in refused):
        return NO_VALUE
    candidates = list_decimals(bounds.low, bounds.high, multiples)
    if bit == FRACTION and not divisors:
        candidates = [*list_fractions(bounds.low, bounds.high, multiples), *candidates]
    elif bit != FRACTION:
        candidates = [*list_wholes(bounds.low, bounds.high, _find_step(multiples)), *candidates]
    for value in candidates:
        solver.budget.spend()
        if isinstance(value, float) and not isfinite(value):
            continue
        number = int(value) if bit != FRACTION and find_type(value) != FRACTION else value
        if (
            (find_type(number) == FRACTION) == (bit == FRACTION)
            and number not in excluded
            and _is_within(number, bounds)
            and all(hold_number(atom, number) is sign for atom, sign in multiples)
        ):
            return found(number)
    return solver.doubt("divisors with decimals are rounded, so that nothing is sure")
