"""Equality as JSON knows it: Python alone takes True for 1."""

from __future__ import annotations

from marshal import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["BY_VALUE", "same_json", "same_parameters", "same_task"]

BY_VALUE = 2
"""The marshal format that writes equal values alike, however they are shared in memory."""


def same_json(old: Json, new: Json) -> bool:
    """Whether two JSON values (or MISSING) are equal; 1 and 1.0 are, 1 and true are not."""
    if old is new:
        return True
    if old != new:
        return False
    # Mostly the two are written alike, which takes no look inside.
    return type(old) is str or dumps(old, BY_VALUE) == dumps(new, BY_VALUE) or _same_inside(old, new)


def same_parameters(old: tuple[ParameterSpec, ...], new: tuple[ParameterSpec, ...]) -> bool:
    """Whether two lists of parameters are equal in all that they say."""
    return old == new and all(
        same_json(one.schema, other.schema) and same_json(one.default, other.default)
        for one, other in zip(old, new, strict=True)
    )


def same_task(old: TaskSpec, new: TaskSpec) -> bool:
    """Whether two versions are equal in all that they say."""
    return (
        old == new
        and same_parameters(old.parameters, new.parameters)
        and same_json(old.result, new.result)
        and same_json(old.result_read, new.result_read)
        and same_json(old.error_fields, new.error_fields)
        and same_json(old.options, new.options)
    )


def _same_inside(old: Json, new: Json) -> bool:
    """The same for two values that Python calls equal."""
    kind = type(old)
    if kind is dict:
        return all(_same_inside(value, new[key]) for key, value in old.items())
    if kind is list:
        return all(map(_same_inside, old, new))
    return (kind is bool) == (type(new) is bool)
