"""What the codec checks of values beside pydantic: which numbers JSON has, and errors in pydantic's form."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import PydanticCustomError, ValidationError

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["check_failed", "is_finite", "refuse_value", "with_whole_numbers"]


def check_failed(error: Exception, value: Any) -> ValidationError:
    """Return the error for a `value` whose check raised `error`."""
    return refuse_value("check_failed", f"Input makes a check fail: {type(error).__name__}: {error}", value)


def refuse_value(code: str, shown: str, value: Any) -> ValidationError:
    """Return the error of the kind `code` for `value`, whose message is `shown`."""
    why = PydanticCustomError(cast("Any", code), "{shown}", {"shown": shown})
    return ValidationError.from_exception_data("value", [{"type": why, "loc": (), "input": value}])


def with_whole_numbers(value: Json) -> Json:
    """Return `value` with 5 for each 5.0, which are equal in JSON; `value` itself if there is none."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        items = list(map(with_whole_numbers, value))
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    if isinstance(value, dict):
        members = {name: with_whole_numbers(item) for name, item in value.items()}
        return value if all(members[name] is item for name, item in value.items()) else members
    return value


def is_finite(value: Json) -> bool:
    """Return whether no number in a JSON value is NaN or infinite, which JSON does not have."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    return not isinstance(value, list) or all(map(is_finite, value))
