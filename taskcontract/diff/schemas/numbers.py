"""A number within bounds, a multiple of some numbers and not of others."""

from __future__ import annotations

from math import ceil, floor, isfinite
from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import NO_VALUE, NONE, Answer, found
from taskcontract.diff.schemas.assertions import AtLeast, AtMost, MultipleOf
from taskcontract.diff.schemas.evaluation import hold_number
from taskcontract.diff.schemas.number_range import (
    Range,
    find_range,
    is_within,
    list_decimals,
    list_fractions,
    list_wholes,
)
from taskcontract.diff.schemas.values import FRACTION, INTEGER, find_type
from taskcontract.diff.schemas.whole_numbers import MOST_CANDIDATES, find_step, search_wholes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.goal_solver import GoalSolver


def solve_number(
    solver: GoalSolver, bit: int, atoms: Sequence[tuple[Assertion, bool]], excluded: Sequence[float]
) -> Answer:
    """Find a number of one JSON type that satisfies the assertions and is not in `excluded`."""
    numbers = [(atom, sign) for atom, sign in atoms if isinstance(atom, AtLeast | AtMost | MultipleOf)]
    bounds = find_range(numbers)
    multiples = [(atom, sign) for atom, sign in numbers if isinstance(atom, MultipleOf)]
    exact = [(atom, sign) for atom, sign in multiples if _is_exact(atom)]
    search = _search_fractions if bit == FRACTION else search_wholes
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


def _search_fractions(
    solver: GoalSolver, bounds: Range, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
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
            and is_within(value, bounds)
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
    solver: GoalSolver, bounds: Range, multiples: Sequence[tuple[MultipleOf, bool]], excluded: set[float]
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
        if find_type(value) == FRACTION and is_within(value, bounds):
            answer = _try_only(solver, value, multiples, excluded)
            if answer.status != NONE:
                return answer
    return NO_VALUE


def _try_inexact(
    solver: GoalSolver,
    bit: int,
    bounds: Range,
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
        candidates = [*list_wholes(bounds.low, bounds.high, find_step(multiples)), *candidates]
    for value in candidates:
        solver.budget.spend()
        if isinstance(value, float) and not isfinite(value):
            continue
        number = int(value) if bit != FRACTION and find_type(value) != FRACTION else value
        if (
            (find_type(number) == FRACTION) == (bit == FRACTION)
            and number not in excluded
            and is_within(number, bounds)
            and all(hold_number(atom, number) is sign for atom, sign in multiples)
        ):
            return found(number)
    return solver.doubt("divisors with decimals are rounded, so that nothing is sure")
