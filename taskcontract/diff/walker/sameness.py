"""Whether specs are equal in all that they say: Python alone takes True for 1 in their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.equality import same_json

if TYPE_CHECKING:
    from taskcontract.model.service import CarriedSpec, ParameterSpec, TaskSpec

__all__ = ["same_carries", "same_parameters", "same_task"]


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


def same_carries(old: tuple[CarriedSpec, ...], new: tuple[CarriedSpec, ...]) -> bool:
    """Whether calls carry the same besides their arguments."""
    return old == new and all(
        same_json(one.schema, other.schema) for one, other in zip(old, new, strict=True)
    )
