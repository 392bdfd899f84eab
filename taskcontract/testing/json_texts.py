"""Hypothesis strategies for JSON strings: by pattern, by format, by length."""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from pydantic_core import SchemaError, SchemaValidator, core_schema

from taskcontract.diff.schemas import find_example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

__all__ = ["texts_of"]

SHORT = 40
"""Characters of a text that is drawn at its greatest length now and then."""

NEAR = 400
"""Days or steps around a date or number that is known to fit."""


def texts_of(schema: Mapping[str, Any], patterns: Sequence[str]) -> SearchStrategy[str]:
    """Strings of a schema of type string that match all `patterns`, which are Rust's."""
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    known = FORMATS.get(schema.get("format", ""))
    if not patterns:
        texts = known() if known else _texts(least, most)
        return texts.filter(lambda text: _fits_length(text, least, most)) if known else texts

    def fits(text: str) -> bool:
        return _fits_length(text, least, most) and all(_matches(each, text) for each in patterns)

    drawn: list[SearchStrategy[str]] = [known()] if known else []
    drawn += [strategy for strategy in map(_from_pattern, patterns) if strategy is not None]
    anchor = find_example(
        {**schema, "type": "string", "allOf": [{"pattern": each} for each in patterns]}, patterns="rust"
    )
    if isinstance(anchor, str):
        drawn.append(st.just(anchor))
        drawn += _around(anchor)
    if not drawn:
        drawn.append(_texts(least, most))
    return st.one_of(drawn).filter(fits)


def _texts(least: int, most: int | None) -> SearchStrategy[str]:
    texts = st.text(min_size=least, max_size=most)
    if most is not None and least < most <= SHORT:
        return texts | st.text(min_size=most, max_size=most)
    return texts


def _fits_length(text: str, least: int, most: int | None) -> bool:
    return least <= len(text) and (most is None or len(text) <= most)


@lru_cache(maxsize=1_000)
def _open(pattern: str) -> SchemaValidator | None:
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError:  # too large for it, for example
        return None


def _matches(pattern: str, text: str) -> bool:
    engine = _open(pattern)
    return engine is None or engine.isinstance_python(text)


def _from_pattern(pattern: str) -> SearchStrategy[str] | None:
    """Texts that match as Python reads the pattern; None where it reads none.

    Python's `$` allows a line feed behind it, Rust's does not.
    """
    end = pattern.endswith("$") and not re.search(r"(?<!\\)(?:\\\\)*\\\$$", pattern)
    spelled = f"{pattern[:-1]}\\Z" if end else pattern
    try:
        compiled: re.Pattern[str] = re.compile(spelled.replace(r"\z", r"\Z"))
        return st.from_regex(compiled)
    except (re.error, ValueError, RecursionError, OverflowError):  # another dialect's
        return None


def _around(text: str) -> list[SearchStrategy[str]]:
    """Dates and numbers around one that fits: bounds are patterns, too, which most others miss."""
    steps = st.integers(min_value=-NEAR, max_value=NEAR)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return [steps.map(lambda days: _shift(text, days))]
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        start = Decimal(text)
        try:
            return [
                st.tuples(steps, st.sampled_from(("1", "0.5", "0.01"))).map(
                    lambda pair: format(start + pair[0] * Decimal(pair[1]), "f")
                )
            ]
        except InvalidOperation:
            return []
    return []


def _shift(text: str, days: int) -> str:
    try:
        return (date.fromisoformat(text) + timedelta(days)).isoformat()
    except (OverflowError, ValueError):
        return text


def _spell_duration(duration: timedelta) -> str:
    return f"P{duration.days}DT{duration.seconds}S" if duration.days >= 0 else f"-P{-duration.days}D"


def _spell_decimal(number: Decimal) -> str:
    return format(number, "f") if abs(number.adjusted()) < SHORT else str(number)


def _base64() -> SearchStrategy[str]:
    return st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode())


def _uris() -> SearchStrategy[str]:
    return st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z0-9]{0,8}", fullmatch=True)


def _addresses(version: Any) -> Callable[[], SearchStrategy[str]]:
    return lambda: st.ip_addresses(v=version).map(str)


def _networks(version: Any, bits: int) -> Callable[[], SearchStrategy[str]]:
    """Networks of one address, and the networks of all: without bits of a host."""

    def networks() -> SearchStrategy[str]:
        return st.ip_addresses(v=version).map(lambda each: f"{each}/{bits}") | st.just(
            "0.0.0.0/0" if bits == 32 else "::/0"
        )

    return networks


FORMATS: dict[str, Callable[[], SearchStrategy[str]]] = {
    "date": lambda: st.dates().map(str),
    "date-time": lambda: st.datetimes(timezones=st.none() | st.just(UTC)).map(lambda each: each.isoformat()),
    "time": lambda: st.times().map(str),
    "duration": lambda: st.timedeltas().map(_spell_duration),
    "uuid": lambda: st.uuids().map(str),
    "decimal": lambda: st.decimals(allow_nan=False, allow_infinity=False).map(_spell_decimal),
    "email": st.emails,
    "uri": _uris,
    "ipv4": _addresses(4),
    "ipv6": _addresses(6),
    "ipv4interface": _networks(4, 32),
    "ipv6interface": _networks(6, 128),
    "ipv4network": _networks(4, 32),
    "ipv6network": _networks(6, 128),
    "binary": _base64,
    "base64": _base64,
    "base64url": _base64,
}
