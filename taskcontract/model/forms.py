"""The text forms of values that JSON has no type for: one regular expression for each.

They are written into a spec beside the format's name, and the worker's decoder holds received texts
against the same expressions, so that a spec and its worker cannot disagree. Only constructs that ECMA-262,
Rust's `regex` and Python's `re` read alike are used.
"""

from __future__ import annotations

__all__ = [
    "DATE",
    "DECIMAL",
    "DURATION",
    "FORMS",
    "IPV4",
    "IPV6",
    "TIME",
    "anchored",
    "base64_form",
    "datetime_form",
]

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP_YEAR = f"(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)"
_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)

DATE = f"(?:{_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)"
"""`2024-02-29`: a day that the calendar has, from year 1 to 9999."""

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"

TIME = f"{_CLOCK}{_ZONE}?"
"""`12:30`, `12:30:00.5Z`: seconds, up to nine decimals and the offset may be left out."""


def _clock_span(hours: str, sixtieths: str, decimals: int) -> str:
    """Return the hours, minutes and seconds of a duration, of which one at least is there."""
    seconds = rf"{sixtieths}(?:\.[0-9]{{1,{decimals}}})?S"
    return f"T(?:{hours}H(?:{sixtieths}M)?(?:{seconds})?|{sixtieths}M(?:{seconds})?|{seconds})"


_SPAN = _clock_span("[0-9]{1,9}", "[0-9]{1,9}", 9)
_DAYS = "(?:[0-9]{1,5}Y(?:[0-9]{1,7}W)?(?:[0-9]{1,8}D)?|[0-9]{1,7}W(?:[0-9]{1,8}D)?|[0-9]{1,8}D)"

# Python's longest timedelta is 2739726 years of 365 days, and 9 days: up to there, parts do not overflow.
_SHORT_SPAN = _clock_span("(?:1?[0-9]|2[0-3])", "[1-5]?[0-9]", 6)
_LONG_YEARS = (
    "(?:[1-9][0-9]{5}|1[0-9]{6}|2[0-6][0-9]{5}|27[0-2][0-9]{4}|273[0-8][0-9]{3}|2739[0-6][0-9]{2}"
    "|27397[01][0-9]|273972[0-5])"
)
_LONG = (
    f"(?:{_LONG_YEARS}Y(?:(?:[1-9]?[0-9]|[12][0-9]{{2}}|3[0-5][0-9]|36[0-4])D)?|2739726Y(?:[0-8]D)?)"
    f"(?:{_SHORT_SPAN})?"
)

DURATION = f"(?:-?P(?:{_DAYS}(?:{_SPAN})?|{_SPAN}|{_LONG}|2739726Y9D)|P2739726Y9D{_SHORT_SPAN})"
"""`P1DT12H`, `-PT0.5S`: an ISO 8601 duration; a year is 365 days, and months are left out."""

DECIMAL = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,17})?"
"""`-12.50`, `1E+3`: a finite number with a point, perhaps with an exponent."""

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

IPV4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
"""`192.0.2.1`: four numbers without leading zeros."""

_WORD = "[0-9a-fA-F]{1,4}"

IPV6 = (
    "(?:"
    + "|".join(
        [
            f"(?:{_WORD}:){{7}}{_WORD}",
            f"(?:{_WORD}:){{1,7}}:",
            *(f"(?:{_WORD}:){{1,{7 - tail}}}(?::{_WORD}){{1,{tail}}}" for tail in range(1, 7)),
            f":(?::{_WORD}){{1,7}}",
            "::",
            f"(?:{_WORD}:){{6}}{IPV4}",
            f"::(?:{_WORD}:){{0,5}}{IPV4}",
        ]
    )
    + ")"
)
"""`2001:db8::1`, `::ffff:192.0.2.1`: an address without a zone."""

_HEX = "[0-9a-fA-F]"


def anchored(form: str) -> str:
    """Return the expression for texts that are `form` as a whole."""
    return f"^(?:{form})$"


def datetime_form(*, aware: bool | None = None) -> str:
    """Return the form of a date and time with `T` or a space between; offset: yes, no, or (None) either."""
    offset = {True: _ZONE, False: "", None: f"{_ZONE}?"}[aware]
    return f"{DATE}[T ]{_CLOCK}{offset}"


def uuid_form(version: int | None = None) -> str:
    """32 hexadecimal digits, with hyphens or without; of one version, or of any."""
    kind, variant = (str(version), "[89abAB]") if version else (_HEX, _HEX)
    parts = [f"{_HEX}{{8}}", f"{_HEX}{{4}}", f"{kind}{_HEX}{{3}}", f"{variant}{_HEX}{{3}}", f"{_HEX}{{12}}"]
    return f"(?:{'-'.join(parts)}|{''.join(parts)})"


def base64_form(least: int = 0, most: int | None = None) -> str:
    """Return the form of `least` to `most` bytes in base 64, either alphabet, padded or not."""
    digit = "[A-Za-z0-9+/_-]"
    tails = {0: "", 1: f"{digit}[AQgw](?:==)?", 2: f"{digit}{{2}}[AEIMQUYcgkosw048]=?"}
    choices = []
    for rest, tail in tails.items():
        low = max(0, -(-(least - rest) // 3))
        high = None if most is None else (most - rest) // 3
        if high is None or high >= low:
            groups = f"(?:{digit}{{4}}){{{low},{'' if high is None else high}}}"
            choices.append(groups + tail)
    return f"(?:{'|'.join(choices)})"


FORMS: dict[str, str] = {
    "date": anchored(DATE),
    "date-time": anchored(datetime_form()),
    "time": anchored(TIME),
    "duration": anchored(DURATION),
    "uuid": anchored(uuid_form()),
    "decimal": anchored(DECIMAL),
    "base64": anchored(base64_form()),
    "ipv4": anchored(IPV4),
    "ipv6": anchored(IPV6),
}
"""Each format with the texts that a schema means which names it without a pattern beside it."""
