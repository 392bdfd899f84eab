"""Texts read back into values: one reader for each form, given only texts that the form's pattern matched."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from datetime import timedelta
from decimal import Decimal

__all__ = ["read_base64", "read_boolean", "read_duration", "read_number"]

_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?"
)
_TO_URL_SAFE = str.maketrans("+/", "-_")


def read_duration(text: str) -> timedelta:
    """Return the timedelta that an ISO 8601 duration means; a year is 365 days."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("not a duration")
    sign, *numbers, decimals = match.groups()
    years, weeks, days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    span = timedelta(
        days=years * 365 + days,
        weeks=weeks,
        hours=hours,
        minutes=minutes,
        seconds=seconds,
        microseconds=int((decimals or "0").ljust(6, "0")[:6]),
    )
    return -span if sign else span


def read_base64(text: str) -> bytes:
    """Return the bytes that a text in either base 64 alphabet stands for, padded or not."""
    bare = text.rstrip("=").translate(_TO_URL_SAFE)
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def read_number(number: float) -> Decimal:
    """Return a JSON number as the Decimal that has the same digits."""
    return Decimal(int(number)) if number == int(number) else Decimal(repr(number))


def read_boolean(text: str) -> bool:
    """Return a key of a JSON object that stands for a bool."""
    return text == "true"
