"""Regular expressions for decimal numbers and dates within bounds, compared digit by digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

__all__ = ["decimal_above", "decimal_below", "decimal_digits", "text_above", "text_below"]

_ZERO = r"-?0+(?:\.0+)?"
_REST = r"(?:\.[0-9]+)?"


def decimal_above(bound: Decimal, *, open_: bool) -> str:
    """Return the form of numbers without exponent that are at least `bound`, or greater if `open_`."""
    if bound > 0:
        return _magnitude_above(bound, open_=open_)
    if bound == 0 and open_:
        return _magnitude_above(bound, open_=True)
    below = [f"-{_magnitude_below(-bound, open_=open_)}"] if bound < 0 else []
    return _either([f"[0-9]+{_REST}", _ZERO, *below])


def decimal_below(bound: Decimal, *, open_: bool) -> str:
    """Return the form of numbers without exponent that are at most `bound`, or less if `open_`."""
    if bound < 0:
        return f"-{_magnitude_above(-bound, open_=open_)}"
    if bound == 0 and open_:
        return f"-{_magnitude_above(bound, open_=True)}"
    return _either([f"-[0-9]+{_REST}", _ZERO if bound == 0 else _magnitude_below(bound, open_=open_)])


def decimal_digits(most: int | None, places: int | None) -> str:
    """Return the form of numbers of at most `most` digits, of which at most `places` stand after the point.

    Zeros in front and at the end do not count, as pydantic counts.
    """
    if most is None:
        return f"-?[0-9]+{_fraction(places or 0)}"
    if most == places:
        return rf"-?0+\.[0-9]{{1,{places}}}0*"  # a bare 0 counts as a digit before the point
    if places is not None:
        return f"-?{_whole(most - places)}{_fraction(places)}"
    return f"-?{_either([_whole(most - count) + _fraction(count) for count in range(most + 1)])}"


def text_above(bound: str, *, open_: bool) -> str:
    """Return the form of digits and hyphens, as many as `bound` has, that sort at `bound` or after it."""
    return _either([*_greater(bound), *([] if open_ else [bound])])


def text_below(bound: str, *, open_: bool) -> str:
    """Return the form of digits and hyphens, as many as `bound` has, that sort at `bound` or before it."""
    return _either([*_smaller(bound), *([] if open_ else [bound])])


def _magnitude_above(bound: Decimal, *, open_: bool) -> str:
    whole, fraction = _split(bound)
    parts = [f"0*[1-9][0-9]{{{len(whole)},}}{_REST}"]
    parts += [f"0*{text}{_REST}" for text in _greater(whole) if whole]
    start = f"0*{whole}" if whole else "0+"
    parts += [rf"{start}\.{text}[0-9]*" for text in _greater(fraction, padded=False)]
    if not fraction:
        parts.append(rf"{start}\.0*[1-9][0-9]*" if open_ else f"{start}{_REST}")
    else:
        parts.append(rf"{start}\.{fraction}{'0*[1-9][0-9]*' if open_ else '[0-9]*'}")
    return _either(parts)


def _magnitude_below(bound: Decimal, *, open_: bool) -> str:
    whole, fraction = _split(bound)
    start = f"0*{whole}" if whole else "0+"
    parts = [f"0+{_REST}"] if whole else []
    parts += [f"0*[1-9][0-9]{{0,{len(whole) - 2}}}{_REST}"] if len(whole) > 1 else []
    parts += [f"0*{text}{_REST}" for text in _smaller(whole)]
    if fraction:
        parts.append(start)
        parts += [rf"{start}\.{fraction[:length]}" for length in range(1, len(fraction))]
        parts += [rf"{start}\.{text}[0-9]*" for text in _smaller(fraction, padded=False)]
        if not open_:
            parts.append(rf"{start}\.{fraction}0*")
    elif not open_:
        parts.append(rf"{start}(?:\.0+)?")
    return _either(parts) if parts else "[^\\s\\S]"


def _split(bound: Decimal) -> tuple[str, str]:
    whole, _, fraction = format(bound, "f").partition(".")
    return whole.lstrip("0"), fraction.rstrip("0")


def _greater(text: str, *, padded: bool = True) -> Iterator[str]:
    """Yield the forms of texts that first differ from `text` in one place, by a greater digit there."""
    for place, digit in enumerate(text):
        if digit.isdigit() and digit < "9":
            rest = _digits(text[place + 1 :]) if padded else ""
            yield f"{text[:place]}[{int(digit) + 1}-9]{rest}"


def _smaller(text: str, *, padded: bool = True) -> Iterator[str]:
    """Yield the forms of texts that first differ from `text` in one place, by a smaller digit there."""
    for place, digit in enumerate(text):
        if digit.isdigit() and digit > "0":
            rest = _digits(text[place + 1 :]) if padded else ""
            yield f"{text[:place]}[0-{int(digit) - 1}]{rest}"


def _digits(text: str) -> str:
    return "".join("[0-9]" if letter.isdigit() else letter for letter in text)


def _whole(most: int) -> str:
    return f"0*[0-9]{{1,{most}}}" if most > 0 else "0+"


def _fraction(places: int) -> str:
    return rf"(?:\.[0-9]{{1,{places}}}0*)?" if places > 0 else r"(?:\.0+)?"


def _either(parts: list[str]) -> str:
    return f"(?:{'|'.join(parts)})" if len(parts) != 1 else parts[0]
