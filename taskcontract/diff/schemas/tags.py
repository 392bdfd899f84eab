"""Whether alternatives exclude each other by a tag: a required property with other values in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.assertions import Has, Property
from taskcontract.diff.schemas.formulas import AllOf, Formula, OneValueOf
from taskcontract.diff.schemas.values import OBJECT

if TYPE_CHECKING:
    from collections.abc import Hashable

    from taskcontract.diff.schemas.budget import Budget


def are_apart(parts: list[Formula], budget: Budget) -> bool:
    """Whether it is plain that no value satisfies two of the parts."""
    seen = 0
    objects: list[Formula] = []
    for part in parts:
        if part.may == OBJECT:
            objects.append(part)
        elif seen & part.may:
            return False
        seen |= part.may
    if objects and any(part.may & OBJECT and part.may != OBJECT for part in parts):
        return False
    return len(objects) < 2 or _differ(objects, budget)


def _differ(objects: list[Formula], budget: Budget) -> bool:
    """Whether each two of the objects have a tag whose values differ."""
    tags = [_find_tags(part) for part in objects]
    budget.spend(sum(len(keys) for found in tags for keys in found.values()) // 16)
    for name in tags[0]:
        values: set[Hashable] = set()
        count = 0
        for found in tags:
            keys = found.get(name, frozenset())
            count += len(keys) or 1
            values |= keys
        if len(values) == count and all(name in found for found in tags):
            return True
    for second, one in enumerate(tags):
        budget.spend(1 + second // 16)
        for other in tags[:second]:
            if not any(name in other and keys.isdisjoint(other[name]) for name, keys in one.items()):
                return False
    return True


def _find_tags(part: Formula) -> dict[str, frozenset[Hashable]]:
    """Return the listed values of each property that every object of this kind has."""
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
            return frozenset(condition.listed)
    return frozenset()
