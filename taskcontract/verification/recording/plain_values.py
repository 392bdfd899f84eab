"""The parts of an example that hold no matcher: their JSON, and the paths of what is in them."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError
from taskcontract.model.rule_path import spell_step
from taskcontract.verification.match import Matcher

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["MISSING", "holds_matcher", "is_model", "path_inside", "require_present", "to_json"]

MISSING: Any = object()
"""In the place of a member that may be absent."""


def is_model(value: Any) -> bool:
    """Return whether `value` is an instance of a pydantic model."""
    return hasattr(type(value), "__pydantic_validator__") and not isinstance(value, type)


def holds_matcher(value: Any) -> bool:
    """Return whether a matcher stands anywhere in `value`."""
    if isinstance(value, Matcher):
        return True
    if isinstance(value, dict):
        return any(map(holds_matcher, value)) or any(map(holds_matcher, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_matcher, value))
    if (is_dataclass(value) or is_model(value)) and not isinstance(value, type):
        return any(map(holds_matcher, getattr(value, "__dict__", {}).values()))
    return False


def require_present(value: Json, path: str) -> Json:
    """Return `value`; a ContractError where it may be absent, which an item of an array cannot be."""
    if value is MISSING:
        raise ContractError(
            f"match.optional stands at {path} of the example, for an item of an array",
            do="Only a member of an object may be missing; match.each_like takes any number of items.",
        )
    return value


def path_inside(path: str, name: Any, item: Any) -> str:
    """Return the path of a member; a name that no path can spell is an error only if matchers are inside."""
    if not isinstance(name, str):
        raise ContractError(f"the key {name!r} at {path} of the example is not a string, as JSON wants it")
    try:
        return f"{path}{spell_step(name)}"
    except ContractError:
        if holds_matcher(item):
            raise
        return path


def to_json(value: Any, path: str) -> Json:
    """Return the JSON of a value without matchers; a ContractError where it has none."""
    from pydantic_core import PydanticSerializationError, to_jsonable_python

    try:
        return to_jsonable_python(value, bytes_mode="base64", inf_nan_mode="constants")
    except PydanticSerializationError:
        raise ContractError(
            f"{value!r} at {path} of the example has no JSON form",
            do="Use what the task may return: builtins, dataclasses, dates, Decimal, UUID, pydantic models.",
        ) from None
