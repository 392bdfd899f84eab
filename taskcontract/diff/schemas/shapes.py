"""The shapes that keywords' values must have; anything else is an invalid schema."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.places import refuse, show
from taskcontract.diff.schemas.values import LARGE

if TYPE_CHECKING:
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.values import Json


def take_number(value: Json, place: Place) -> float:
    """Return a finite number; an `int` if exactly that is written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(place, f"`{place[1]}` is a number, not {show(value)}", "Write a number.")
    if isinstance(value, float):
        if not isfinite(value):
            refuse(place, f"`{place[1]}` is {value}, which is not JSON", "Write a finite number.")
        if value.is_integer() and abs(value) < LARGE:
            return int(value)
    return value


def take_count(value: Json, place: Place) -> int:
    """Return a whole number that is not negative."""
    number = take_number(value, place)
    if number != int(number) or number < 0:
        refuse(place, f"`{place[1]}` is a count, not {show(value)}", "Write a whole number from 0 on.")
    return int(number)


def take_flag(value: Json, place: Place) -> bool:
    """Return a boolean; refuse any other value."""
    if not isinstance(value, bool):
        refuse(place, f"`{place[1]}` is true or false, not {show(value)}", "Write true or false.")
    return value


def take_text(value: Json, place: Place) -> str:
    """Return a string; refuse any other value."""
    if not isinstance(value, str):
        refuse(place, f"`{place[1]}` is a string, not {show(value)}", "Write a string.")
    return value


def take_names(value: Json, place: Place) -> list[str]:
    """Return a list of different strings; refuse any other value."""
    names = cast("list[str]", value) if isinstance(value, list) else None
    if names is None or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        refuse(
            place,
            f"`{place[1]}` is a list of different property names, not {show(value)}",
            "Write each once.",
        )
    return names
