"""Dates and times of a form such as `yyyy-MM-dd'T'HH:mm:ssXXX`, as Pact's core reads and writes them.

The letters are those of Java's formatter. Pact takes less care than Java: numbers need no leading zero,
and only a day of a month is held against the month and the year beside it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["DEFAULT_FORMS", "TimeFormError", "find_time_fault", "read_time_form", "write_time"]

DEFAULT_FORMS: Final = {"date": "yyyy-MM-dd", "time": "HH:mm:ss", "datetime": "yyyy-MM-dd'T'HH:mm:ssXXX"}

LONGEST: Final = {
    **dict.fromkeys("GMLEeQqxXZO", 5), "a": 1, "c": 1, "q": 2, "w": 2, "W": 2, "F": 2, "d": 2, "O": 4,
    **dict.fromkeys("hHkKmsV", 2), "z": 4,
}  # fmt: skip
"""How often a letter may stand in a row; the others as often as one likes."""
LETTERS = "GyYuMLDdQqwWFEecahHkKmsSnANxXZOzV"
_PART = re.compile(rf"([{LETTERS}])\1*|'(?:''|[^'])+'|''|[^A-Za-z0-9'{{}}\[\]]+")

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TWO_DIGITS = r"[0-9]{1,2}"
_NUMBERS: Final = {
    "D": (r"[0-9]{1,3}", 1, 356), "d": (_TWO_DIGITS, 1, 31), "w": (_TWO_DIGITS, 1, 56),
    "W": (_TWO_DIGITS, 1, 5), "F": (_TWO_DIGITS, 0, 4), "M": (_TWO_DIGITS, 1, 12), "L": (_TWO_DIGITS, 1, 12),
    "H": (_TWO_DIGITS, 0, 23), "k": (_TWO_DIGITS, 1, 24), "h": (_TWO_DIGITS, 1, 12),
    "K": (_TWO_DIGITS, 0, 11), "m": (_TWO_DIGITS, 0, 59), "s": (_TWO_DIGITS, 0, 60),
    "Q": (_TWO_DIGITS, 1, 4), "q": (_TWO_DIGITS, 1, 4), "e": (r"[0-9]", 1, 7), "c": (r"[0-9]", 1, 7),
}  # fmt: skip
"""What a number of one or two letters may be."""


class TimeFormError(ValueError):
    """The form is none that Pact reads, or nothing can be written in it; says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row of one `letter` of the form, or a `text` to stand as it is."""

    letter: str
    count: int = 0
    text: str = ""


@lru_cache(maxsize=200)
def read_time_form(form: str) -> tuple[Part, ...]:
    """Return the parts of `form`; raise a TimeFormError that says what is wrong with it."""
    parts: list[Part] = []
    at = 0
    while at < len(form):
        found = _PART.match(form, at)
        if found is None:
            raise TimeFormError(
                f"{form!r} is not a form of dates and times: {form[at:]!r} means nothing in it"
            )
        at, text, letter = found.end(), found[0], found[1]
        if letter is None:
            parts.append(Part("", text=_unquote(text)))
            continue
        most = LONGEST.get(letter)
        if most is not None and len(text) > most:
            raise TimeFormError(
                f"{form!r} is not a form of dates and times: {text!r} has more than {most} letters"
            )
        if letter in "zV":
            raise TimeFormError(
                f"the form {form!r} names time zones ({text!r}), and only offsets are read here"
            )
        parts.append(Part(letter, len(text)))
    if not parts:
        raise TimeFormError("an empty form of dates and times says nothing")
    return tuple(parts)


def _unquote(text: str) -> str:
    if text == "''":
        return "'"
    return re.sub("'+", "'", text[1:-1]) if text.startswith("'") else text


def find_time_fault(form: str, text: str) -> str | None:
    """Return why `text` is not of the `form`, or None; raise a TimeFormError for a form that is none."""
    at = 0
    found: dict[str, str] = {}
    for part in read_time_form(form):
        if part.letter == "":
            taken = part.text if text.startswith(part.text, at) else None
        else:
            pattern, low, high = _reading(part.letter, part.count)
            matched = pattern.match(text, at)
            taken = matched[0] if matched else None
            if taken is not None and high is not None and not low <= int(taken) <= high:
                return f"{taken} is out of range for {part.letter * part.count}"
        if taken is None:
            return f"{text[at:]!r} does not go on with {part.letter * part.count or part.text!r}"
        at += len(taken)
        found.setdefault({"Y": "y", "u": "y"}.get(part.letter, part.letter), taken)
    if at < len(text):
        return f"{text[at:]!r} is left over"
    return _find_day_fault(found)


def _find_day_fault(found: dict[str, str]) -> str | None:
    day, month, year = found.get("d"), found.get("M"), found.get("y", "2001")
    if day is None or month is None:
        return None
    number = int(month) if month.isdigit() else [name[:3] for name in MONTHS].index(month[:3].lower()) + 1
    # The Gregorian calendar repeats every 400 years, and Python's has no year 0.
    if int(day) > monthrange(int(year) % 400 + 400, number)[1]:
        return f"the month {month} has no day {day}"
    return None


@lru_cache(maxsize=200)
def _reading(letter: str, count: int) -> tuple[re.Pattern[str], int, int | None]:
    """Return the pattern of what a row of a letter takes, and between which numbers it must be."""
    if letter in _NUMBERS and not (letter in "MQe" and count > 2):
        digits, low, high = _NUMBERS[letter]
        return re.compile(digits), low, high
    return (
        re.compile(_wording(letter, count), re.ASCII | (re.IGNORECASE if letter in "GaMEeQ" else 0)),
        0,
        None,
    )


def _wording(letter: str, count: int) -> str:
    if letter in "yYuS":
        return rf"[0-9]{{1,{count}}}"
    if letter in "nAN":
        return r"[0-9]+"
    if letter == "M":
        return "|".join(name[:3] if count == 3 else name for name in MONTHS)
    if letter in "Ee":
        return "|".join(name[:3] if count <= 3 else name for name in DAYS)
    if letter == "Q":
        return "Q[1-4]" if count == 3 else "(?:1st|2nd|3rd|4th) quarter"
    if letter in "Ga":
        return "AD|BC" if letter == "G" else "AM|PM"
    return _offset(letter, count)


# A number takes all digits that it can, up to two, before it is looked at.
_HOUR = r"(?:1[01]|0[0-9]|[0-9](?![0-9]))"
_MINUTE = r"(?:[0-5][0-9]|[0-9](?![0-9]))"
_SECOND = r"(?:60|[0-5][0-9]|[0-9](?![0-9]))"


def _offset(letter: str, count: int) -> str:
    signed = rf"[+-]+{_HOUR}"
    colon = rf"{signed}:{_MINUTE}"
    plain = rf"{signed}{_MINUTE}"
    if letter == "Z":
        return plain if count <= 3 else rf"(?:GMT|UTC)(?:{colon})?" if count == 4 else colon
    if letter == "O":
        return rf"(?:GMT|UTC){signed}(?::{_MINUTE})?" if count <= 3 else rf"(?:GMT|UTC){colon}"
    long = (
        rf"{signed}(?:{_MINUTE})?", plain, colon,
        rf"{plain}(?:{_SECOND})?", rf"{colon}(?::{_SECOND})?",
    )[count - 1]  # fmt: skip
    return f"Z|{long}" if letter == "X" else long


def write_time(form: str, moment: datetime) -> str:
    """Return `moment` in `form`, as Pact's generators write it; raise a TimeFormError where they cannot."""
    written: list[str] = []
    for part in read_time_form(form):
        writer = _WRITERS.get(part.letter)
        if part.letter == "":
            written.append(part.text)
        elif writer is None:
            raise TimeFormError(f"nothing is generated for {part.letter * part.count!r} of the form {form!r}")
        else:
            written.append(writer(moment, part.count))
    return "".join(written)


def _write_offset(moment: datetime, count: int) -> str:
    colon = ":" if count in (3, 5) else ""
    plain = moment.strftime("%z") or "+0000"
    return plain[:3] if count == 1 else plain[:3] + colon + plain[3:5]


_WRITERS: Final[dict[str, Callable[[datetime, int], str]]] = {
    "G": lambda _moment, _count: "AD",
    **dict.fromkeys("yYu", lambda m, count: f"{m.year % 100:02}" if count == 2 else f"{m.year:04}"),
    "M": lambda m, count: (
        f"{m.month:02}" if count <= 2 else MONTHS[m.month - 1].capitalize()[: 3 if count == 3 else None]
    ),
    "L": lambda m, _count: f"{m.month:02}",
    "d": lambda m, _count: f"{m.day:02}",
    "D": lambda m, _count: f"{m.timetuple().tm_yday:03}",
    "E": lambda m, count: DAYS[m.weekday()].capitalize()[: 3 if count <= 3 else None],
    "e": lambda m, _count: f"{m.isoweekday()}",
    "c": lambda m, _count: f"{m.isoweekday()}",
    "a": lambda m, _count: "AM" if m.hour < 12 else "PM",
    "H": lambda m, _count: f"{m.hour:02}",
    "k": lambda m, _count: f"{m.hour or 24:02}",
    "h": lambda m, _count: f"{m.hour % 12 or 12:02}",
    "K": lambda m, _count: f"{m.hour % 12:02}",
    "m": lambda m, _count: f"{m.minute:02}",
    "s": lambda m, _count: f"{m.second:02}",
    "S": lambda m, count: f"{m.microsecond:06}".ljust(count, "0")[:count],
    "n": lambda m, _count: f"{m.microsecond * 1_000:09}",
    "A": lambda m, _count: str(_seconds_of(m) * 1_000 + m.microsecond // 1_000),
    "N": lambda m, _count: str(_seconds_of(m) * 1_000_000_000 + m.microsecond * 1_000),
    "x": _write_offset,
    "X": lambda m, count: "Z" if (m.strftime("%z") or "+0000") == "+0000" else _write_offset(m, count),
    "Z": lambda m, count: ("GMT" if count == 4 else "") + _write_offset(m, 3 if count > 3 else 2),
    "O": lambda m, _count: "GMT" + _write_offset(m, 3),
    "Q": lambda m, count: f"Q{(m.month + 2) // 3}" if count == 3 else str((m.month + 2) // 3),
    "q": lambda m, _count: str((m.month + 2) // 3),
}  # fmt: skip


def _seconds_of(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
