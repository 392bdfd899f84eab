"""What a declaration may say: each check names the function and what is allowed instead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.canonical import Json

__all__ = [
    "SEND_OPTIONS",
    "check_aliases",
    "check_date",
    "check_flag",
    "check_options",
    "check_serializer",
    "check_version",
]

SERIALIZERS = ("json", "msgpack", "yaml")
"""Pickle is refused: a worker that loads it runs the sender's code."""

SEND_OPTIONS = ("expires", "ignore_result", "priority", "soft_time_limit", "time_limit")
"""The options that travel with a call."""

OPTIONS = (*SEND_OPTIONS, "acks_late", "max_retries", "rate_limit")
"""The options that callers can notice; those that do not travel are the worker's to keep."""


def check_aliases(aliases: tuple[str, ...], place: str) -> tuple[str, ...]:
    """Return `aliases`, if they are names."""
    if isinstance(aliases, str) or not all(isinstance(name, str) and name for name in aliases):
        raise DeclarationError(
            f"aliases={aliases!r} are not names", where=place, do='Write aliases=("pusher.old_name",).'
        )
    return tuple(aliases)


def check_version(version: str | None, place: str) -> str:
    """Return `version`, if it is MAJOR.MINOR.PATCH."""
    if version is None:
        raise DeclarationError(
            "this binding has no version", where=place, do='Declare it with version="1.0.0".'
        )
    try:
        parse_version(str(version))
    except DeclarationError as error:
        raise DeclarationError(error.what, where=place, do=error.do) from None
    return str(version)


def check_date(text: str | None, what: str, place: str) -> str | None:
    """Return `text`, if it is an ISO date."""
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except (TypeError, ValueError):
        raise DeclarationError(
            f"{what}={text!r} is not a date", where=place, do=f'Write {what}="2027-06-30".'
        ) from None


def check_flag(value: bool, what: str, place: str) -> bool:
    """Return `value`, if it is one."""
    if not isinstance(value, bool):
        raise DeclarationError(f"{what}={value!r} is neither True nor False", where=place)
    return value


def check_serializer(serializer: str, place: str) -> str:
    """Return `serializer`, if messages may be written with it."""
    if serializer not in SERIALIZERS:
        raise DeclarationError(
            f"serializer {serializer!r} is refused", where=place, do=f"Use one of {', '.join(SERIALIZERS)}."
        )
    return serializer


def check_options(options: Mapping[str, Json], place: str) -> dict[str, Json]:
    """Return `options`, if all are Celery options that belong into bindings."""
    unknown = sorted(options.keys() - set(OPTIONS))
    if unknown:
        raise DeclarationError(
            f"{unknown[0]!r} is not an option of a binding",
            where=place,
            do=f"Options: {', '.join(sorted(OPTIONS))}. Give others to provider.implements.",
        )
    return dict(options)
