"""Divisibility by a number with a fraction, where binary division may stray from decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite

#: Dividing by less than one part in this many may overflow.
SMALLEST_EXACT = 2**64

_QUARTER = Fraction(1, 2**54)


def take_decimal(number: float) -> Fraction:
    """Return the number exactly as it is written in JSON."""
    return Fraction(Decimal(repr(number))) if isinstance(number, float) else Fraction(number)


def divides(divisor: float, value: float) -> bool | None:
    """Whether the value is a multiple of the divisor; None where decimal and binary division disagree."""
    exact = take_decimal(value) / take_decimal(divisor)
    try:
        quotient = value / divisor
    except OverflowError:
        return None
    binary = isfinite(quotient) and quotient == int(quotient)
    return binary if binary == (exact.denominator == 1) else None


def is_exact(divisor: float) -> bool:
    """Whether binary division by the divisor is exact for all numbers: a power of two below one, not tiny."""
    fraction = Fraction(divisor)
    return fraction.numerator == 1 and fraction.denominator <= SMALLEST_EXACT


def is_covered(step: float, divisor: float) -> bool:
    """Whether all multiples of the step are multiples of the divisor, in decimals and in binary alike.

    Binary division rounds, yet not here: dividing by a power of two, or a multiple of a whole number by what
    divides that number, gives a whole number that is either exact or too large to have a fraction. So does
    dividing a whole number by a decimal that `float` stores with less than a quarter of a unit of error: what
    is lost is too little to leave the whole number that is right.
    """
    exact = take_decimal(divisor)
    if take_decimal(step) % exact:
        return False
    ratio = Fraction(step) / Fraction(divisor)
    if ratio.denominator != 1:
        return isinstance(step, int) and abs(Fraction(divisor) / exact - 1) < _QUARTER
    return isinstance(step, int) or ratio.numerator & (ratio.numerator - 1) == 0


def to_number(fraction: Fraction) -> float:
    """Return the nearest number that Python holds: an `int` if it is whole; infinite if it is too large."""
    return fraction.numerator if fraction.denominator == 1 else to_float(fraction)


def to_float(number: float | Fraction) -> float:
    """Return the nearest `float`; infinite for a number that is too large."""
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf
