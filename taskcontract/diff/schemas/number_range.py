"""The bounds of a number, and numbers around them that are worth trying where no search is exact."""

from __future__ import annotations

from math import floor, gcd, isfinite, lcm, nextafter
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.schemas.assertions import AtLeast, AtMost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.diff.schemas.assertions import Assertion, MultipleOf


class Range(NamedTuple):
    """Bounds, each with whether it is itself outside; None for none."""

    low: float | None
    low_open: bool
    high: float | None
    high_open: bool


def find_range(atoms: Sequence[tuple[Assertion, bool]]) -> Range:
    """Return the tightest bounds that the assertions set."""
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
    return Range(
        low[0] if low else None,
        low is not None and low[1],
        high[0] if high else None,
        high is not None and high[1],
    )


def is_within(value: float, bounds: Range) -> bool:
    """Return whether `value` is within the bounds."""
    above = bounds.low is None or value > bounds.low or (value == bounds.low and not bounds.low_open)
    below = bounds.high is None or value < bounds.high or (value == bounds.high and not bounds.high_open)
    return above and below


def list_fractions(
    low: float | None, high: float | None, multiples: Sequence[tuple[MultipleOf, bool]]
) -> Iterator[float]:
    """Yield numbers that could do: multiples of the divisors, then numbers between and around the bounds."""
    from taskcontract.diff.schemas.decimals import to_float

    ends = [to_float(bound) for bound in (low, high) if bound is not None]
    base = ends[0] if ends else 0.0
    for divisor in [to_float(atom.divisor) for atom, _ in multiples]:
        for times in (*range(1, 60), *range(-59, 0)):
            yield times * divisor
            if isfinite(base):
                yield base - base % divisor + times * divisor
        yield from (divisor / 2, -divisor / 2)
    if len(ends) == 2:
        yield from (
            base + (ends[1] - base) * part for part in (0.5, 0.25, 0.75, 0.3, 0.6, 0.9, 0.1, 0.01, 0.99)
        )
    yield from (base + ahead for ahead in (0.5, -0.5, 0.25, -0.25, 0.1, -0.1, 0.75, -0.75, 0.001, -0.001))
    for around in (base, 0.0):
        yield from (around + sign * (times + 0.5) for times in range(50) for sign in (1, -1))
    yield from (sign * times / 8 for times in range(1, 8) for sign in (1, -1))
    for end in ends:
        yield from (end, nextafter(end, float("inf")), nextafter(end, float("-inf")))


def list_wholes(low: float | None, high: float | None, step: int) -> list[int]:
    """List multiples of a whole number, those nearest to zero first."""
    start = floor(_find_nearest(low, high)) // step
    return sorted((step * (at + ahead) for at in (start, 0) for ahead in range(-60, 61)), key=abs)


def list_decimals(
    low: float | None, high: float | None, multiples: Sequence[tuple[MultipleOf, bool]]
) -> list[float]:
    """List common multiples of the divisors, which are read exactly as they are written."""
    from taskcontract.diff.schemas.decimals import take_decimal, to_number

    steps = [take_decimal(atom.divisor) for atom, sign in multiples if sign]
    common = steps[0] if steps else take_decimal(multiples[0][0].divisor)
    for step in steps[1:]:
        common = type(common)(
            lcm(common.numerator, step.numerator), gcd(common.denominator, step.denominator)
        )
    start = floor(take_decimal(_find_nearest(low, high)) / common)
    return [to_number(common * (at + ahead)) for at in (start, 0) for ahead in range(-120, 121)]


def _find_nearest(low: float | None, high: float | None) -> float:
    return low if low is not None else high if high is not None else 0
