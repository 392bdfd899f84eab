"""Hypothesis strategies for JSON strings: by pattern, by format, by length."""

from __future__ import annotations

import base64
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from hypothesis.strategies import SearchStrategy

__all__ = ["texts_of"]


def texts_of(schema: Mapping[str, Any]) -> SearchStrategy[str]:
    """Strings of a schema of type string; an unknown format is any text."""
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        try:
            pattern: re.Pattern[str] = re.compile(schema["pattern"])
        except re.error:  # another dialect's: the type itself chooses among all texts
            return st.text(min_size=least, max_size=most)
        return st.from_regex(pattern).filter(
            lambda text: least <= len(text) and (most is None or len(text) <= most)
        )
    known = FORMATS.get(schema.get("format", ""))
    return known() if known else st.text(min_size=least, max_size=most)


def _spell_duration(duration: timedelta) -> str:
    return f"P{duration.days}DT{duration.seconds}S" if duration.days >= 0 else f"-P{-duration.days}D"


def _base64() -> SearchStrategy[str]:
    return st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode())


def _uris() -> SearchStrategy[str]:
    return st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z0-9]{0,8}", fullmatch=True)


FORMATS: dict[str, Callable[[], SearchStrategy[str]]] = {
    "date": lambda: st.dates().map(str),
    "date-time": lambda: st.datetimes(timezones=st.none() | st.just(UTC)).map(lambda each: each.isoformat()),
    "time": lambda: st.times().map(str),
    "duration": lambda: st.timedeltas().map(_spell_duration),
    "uuid": lambda: st.uuids().map(str),
    "email": st.emails,
    "uri": _uris,
    "ipv4": lambda: st.ip_addresses(v=4).map(str),
    "ipv6": lambda: st.ip_addresses(v=6).map(str),
    "binary": _base64,
    "base64": _base64,
    "base64url": _base64,
}
