"""Hypothesis strategies for JSON numbers within bounds."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

__all__ = ["numbers_of"]


def numbers_of(schema: Mapping[str, Any], *, whole: bool) -> SearchStrategy[Any]:
    """Numbers of a schema, its bounds among them; `whole` ones alone for the type integer."""
    step = schema.get("multipleOf")
    steps = _steps(schema, Decimal(str(step or 1)), whole=whole)
    if whole or step is not None:
        return steps
    lower, upper = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    least, exclude_min = _tighter(lower, above, max)
    most, exclude_max = _tighter(upper, below, min)
    if (
        least is not None
        and most is not None
        and not _leaves_room(least, most, open_=exclude_min or exclude_max)
    ):
        return steps
    floats = st.floats(
        min_value=least,
        max_value=most,
        exclude_min=exclude_min,
        exclude_max=exclude_max,
        allow_nan=False,
        allow_infinity=False,
    )
    return steps | floats


def _tighter(closed: Any, open_: Any, choose: Any) -> tuple[float | None, bool]:
    """Return the bound that counts, and whether it is excluded."""
    if open_ is None:
        return (None if closed is None else float(closed)), False
    if closed is None or choose(closed, open_) == open_:
        return float(open_), True
    return float(closed), False


def _leaves_room(least: float, most: float, *, open_: bool) -> bool:
    return least < most or (least == most and not open_)


def _steps(schema: Mapping[str, Any], size: Decimal, *, whole: bool) -> SearchStrategy[Any]:
    """Multiples of `size`: 0.01 times 7 is 0.07, as in decimal arithmetic."""
    bottoms = [ceil(_exact(schema["minimum"]) / size)] if "minimum" in schema else []
    bottoms += [floor(_exact(schema["exclusiveMinimum"]) / size) + 1] if "exclusiveMinimum" in schema else []
    tops = [floor(_exact(schema["maximum"]) / size)] if "maximum" in schema else []
    tops += [ceil(_exact(schema["exclusiveMaximum"]) / size) - 1] if "exclusiveMaximum" in schema else []
    least, most = max(bottoms, default=None), min(tops, default=None)
    if least is not None and most is not None and least > most:
        return st.nothing()
    counts: SearchStrategy[int] = st.integers(min_value=least, max_value=most)
    edges = [edge for edge in (least, most) if edge is not None]
    if edges and least != most:
        counts = counts | st.sampled_from(edges)
    if size == 1:
        return counts
    spell = int if whole and size == size.to_integral_value() else _as_json
    return counts.map(lambda count: spell(count * size))


def _exact(number: float) -> Decimal:
    return Decimal(number) if isinstance(number, int) else Decimal(repr(number))


def _as_json(number: Decimal) -> float:
    return int(number) if number == number.to_integral_value() else float(number)
