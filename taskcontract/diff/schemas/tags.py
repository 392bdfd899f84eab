"""Whether alternatives exclude each other by a tag: a required property with other values in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.atoms import Has, Property
from taskcontract.diff.schemas.formulas import AllOf, Formula, OneValueOf
from taskcontract.diff.schemas.values import OBJECT

if TYPE_CHECKING:
    from collections.abc import Hashable


def are_apart(parts: list[Formula]) -> bool:
    """Whether it is plain that no value satisfies two of the parts."""
    tags = [_find_tags(part) for part in parts]
    return all(
        parts[first].may & parts[second].may == 0 or _differ(tags[first], tags[second])
        for second in range(len(parts))
        for first in range(second)
    )


def _differ(first: dict[str, frozenset[Hashable]], second: dict[str, frozenset[Hashable]]) -> bool:
    return any(name in second and keys.isdisjoint(second[name]) for name, keys in first.items())


def _find_tags(part: Formula) -> dict[str, frozenset[Hashable]]:
    """The values of each property that every object of this kind has and whose values are listed."""
    if part.may != OBJECT:
        return {}
    conditions = part.parts if isinstance(part, AllOf) else (part,)
    required = {condition.name for condition in conditions if isinstance(condition, Has)}
    return {
        condition.name: keys
        for condition in conditions
        if isinstance(condition, Property)
        and condition.name in required
        and (keys := _list_keys(condition.part))
    }


def _list_keys(part: Formula) -> frozenset[Hashable]:
    for condition in part.parts if isinstance(part, AllOf) else (part,):
        if isinstance(condition, OneValueOf):
            return condition.keys
    return frozenset()
