"""Equality as JSON knows it: Python alone takes True for 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["same_json", "same_parameters", "same_task"]


def same_json(old: Json, new: Json) -> bool:
    """Whether two JSON values (or MISSING) are equal; 1 and 1.0 are, 1 and true are not."""
    if old is new:
        return True
    if old != new:
        return False
    kind = type(old)
    if kind is str:
        return True
    if kind is dict:
        return all(same_json(value, new[key]) for key, value in old.items())
    if kind is list:
        return all(map(same_json, old, new))
    return (kind is bool) == (type(new) is bool)


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
        and same_json(old.options, new.options)
    )
