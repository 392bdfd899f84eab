"""When two JSON values are the same. There are three answers; Python's `==` is not one: it takes True for 1.

- `same_json` is JSON Schema's: 1 and 1.0 are one number, true is another value. `freeze` makes keys for it.
- `same_exactly` is a reader's, to whom 1, 1.0 and true are three values.
- `spell_sorted` and `fingerprint` are texts: values that share one are the same exactly, but two that are may
  be spelled in two ways. `spell_sorted` overlooks the order of keys, and published hashes rest on it.
  `fingerprint` does not, and is the fastest: a key of what is remembered within a run.
"""

from __future__ import annotations

from json import dumps
from marshal import dumps as marshal
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from taskcontract.model.canonical import Json

__all__ = ["fingerprint", "freeze", "same_exactly", "same_json", "spell_sorted"]

BY_VALUE = 2
"""The marshal format that writes equal values alike, however they are shared in memory."""


def same_json(one: Json, other: Json) -> bool:
    """Return whether two JSON values (or MISSING) are equal; 1 and 1.0 are, 1 and true are not."""
    if one is other:
        return True
    if one != other:
        return False
    # Mostly the two are written alike, which takes no look inside.
    return type(one) is str or fingerprint(one) == fingerprint(other) or _same_inside(one, other)


def freeze(value: Json) -> Hashable:
    """Return a key that is equal for two values exactly when `same_json` holds of them."""
    kind = type(value)
    if kind is bool:
        return ("boolean", value)
    if kind is list:
        return ("array", *(freeze(item) for item in value))
    if kind is dict:
        members = cast("dict[str, Json]", value)
        return ("object", frozenset((name, freeze(member)) for name, member in members.items()))
    return cast("Hashable", value)


def same_exactly(one: Json, other: Json, count: Callable[[int], None] | None = None) -> bool:
    """Return whether two values are the same JSON, to the type: 1, 1.0 and true are three values.

    `count` is called with each pair that is compared, and may stop the comparison by raising.
    """
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if count is not None:
            count(1)
        if type(left) is not type(right):
            return False
        if isinstance(left, dict):
            if left.keys() != right.keys():
                return False
            waiting += [(left[name], right[name]) for name in left]
        elif isinstance(left, list):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif left != right:
            return False
    return True


def spell_sorted(value: Json) -> str:
    """Return one text for one value, in whatever order its keys are."""
    return dumps(value, sort_keys=True)


def fingerprint(value: Json) -> bytes:
    """Return bytes that only values which are the same exactly have in common."""
    return marshal(value, BY_VALUE)


def _same_inside(one: Json, other: Json) -> bool:
    """Return the same for two values that Python calls equal."""
    kind = type(one)
    if kind is dict:
        return all(_same_inside(value, other[key]) for key, value in one.items())
    if kind is list:
        return all(map(_same_inside, one, other))
    return (kind is bool) == (type(other) is bool)
