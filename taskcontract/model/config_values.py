"""Checking one configured value against its key, wherever it was written: in TOML or as an option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from taskcontract.errors import ConfigError
from taskcontract.model.acceptance import Acceptance
from taskcontract.urls import hide_in_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.keys import Key

__all__ = ["read_option", "read_value"]

ACCEPT_KEYS = ("reason", "fingerprint", "rule", "task", "expires")
MOST_SECONDS = 1_000_000
"""Eleven days: a system's clocks and waits have bounds of their own, which are errors without a key."""


def read_value(key: Key, value: Any, *, where: str) -> Any:
    """Return `value` from TOML in the form that Config holds; a ConfigError if `key` does not allow it."""
    match key.shape:
        case "text":
            return _read_text(value, key.words, where)
        case "texts":
            return tuple(_read_text(item, (), where) for item in _read_list(value, "strings", where))
        case "count":
            if type(value) is not int or value < 1:
                _refuse(value, "a whole number from 1", where)
            return value
        case "seconds":
            if type(value) not in (int, float) or not 0 < value <= MOST_SECONDS:
                _refuse(value, f"a number of seconds above 0, at most {MOST_SECONDS:,}", where)
            return float(value)
        case "map":
            return _read_map(value, key.words, where)
        case "tables":
            tables = _read_list(value, "tables", where)
            return tuple(_read_acceptance(item, f"{where}[{index}]") for index, item in enumerate(tables))


def read_option(key: Key, text: str, *, where: str) -> Any:
    """Return the same for a value written as an option; several strings stand apart by commas."""
    value: Any = text
    if key.shape == "texts":
        value = [part.strip() for part in text.split(",") if part.strip()]
    elif key.shape in ("count", "seconds"):
        try:
            value = int(text) if key.shape == "count" else float(text)
        except ValueError:
            value = text
    return read_value(key, value, where=where)


def _read_text(value: Any, words: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str) or not value or (words and value not in words):
        _refuse(value, f"one of {', '.join(words)}" if words else "a string", where)
    return value


def _read_list(value: Any, of: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        _refuse(value, f"an array of {of}", where)
    return value


def _read_map(value: Any, words: tuple[str, ...], where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        _refuse(value, f"a table, from names to {', '.join(words)}", where)
    return {name: _read_text(word, words, f"{where}.{hide_in_value(name)}") for name, word in value.items()}


def _read_acceptance(value: Any, where: str) -> Acceptance:
    if not isinstance(value, dict):
        _refuse(value, "a table", where)
    for name in value.keys() - set(ACCEPT_KEYS):
        raise ConfigError(
            "there is no such key", where=f"{where}.{hide_in_value(name)}", do=_listed(ACCEPT_KEYS)
        )
    from datetime import date, datetime

    expires = value.get("expires")
    if expires is not None and (not isinstance(expires, date) or isinstance(expires, datetime)):
        _refuse(expires, "a date without quotes, such as 2027-06-30", f"{where}.expires")
    for name in ("reason", "fingerprint", "rule", "task"):
        if name in value:
            _read_text(value[name], (), f"{where}.{name}")
    if "reason" not in value:
        raise ConfigError("an accepted break needs a reason", where=where, do='Add reason = "...".')
    if ("fingerprint" in value) == ("rule" in value) or ("rule" in value) != ("task" in value):
        raise ConfigError(
            "an accepted break is named by its fingerprint, or by its rule and its task",
            where=where,
            do='Write either fingerprint = "..." or rule = "..." and task = "...".',
        )
    return Acceptance(**value)


def _refuse(value: Any, allowed: str, where: str) -> NoReturn:
    if isinstance(value, (dict, list)):  # what is in it may be a password
        shown = "a table" if isinstance(value, dict) else "an array"
        raise ConfigError(f"{shown} is not allowed here", where=where, do=f"It must be {allowed}.")
    try:
        shown = repr(hide_in_value(value))
    except ValueError:  # a whole number of more digits than Python writes
        shown = "a number of thousands of digits"
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    raise ConfigError(f"{shown} is not allowed here", where=where, do=f"It must be {allowed}.")


def _listed(names: Iterable[str]) -> str:
    return f"The keys are {', '.join(names)}."
