"""Divisibility by a number with a fraction, where binary division may stray from decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite


def take_decimal(number: float) -> Fraction:
    """The number as it is written in JSON."""
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
    """Whether binary division by the divisor is exact for all numbers: a power of two below one."""
    return Fraction(divisor).numerator == 1


def to_number(fraction: Fraction) -> float:
    """The nearest JSON number that Python holds: an `int` if it is whole."""
    return fraction.numerator if fraction.denominator == 1 else float(fraction)
