"""JSON values as JSON Schema sees them: their types, their spellings, their size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json: TypeAlias = Any

# One bit per type. A number without a fraction that is written with one (1.0) is an integer in every
# draft but the fourth, so it has a bit of its own.
NULL, BOOLEAN, INTEGER, WHOLE, FRACTION, STRING, ARRAY, OBJECT = (1 << bit for bit in range(8))
NUMBER = INTEGER | WHOLE | FRACTION
ANY = (1 << 8) - 1

#: From here on a `float` stands for more numbers than one.
LARGE = 2**53

#: A value with more ways to write its whole numbers is not written in all of them.
MOST_SPELLINGS = 256

#: The order in which types are tried, so that a witness is the plainest value there is.
TYPES = (STRING, INTEGER, OBJECT, ARRAY, BOOLEAN, FRACTION, WHOLE, NULL)


def find_type(value: Json) -> int:
    """Return the bit of a value's type."""
    if value is None:
        return NULL
    kind = type(value)
    if kind is bool:
        return BOOLEAN
    if kind is int:
        return INTEGER
    if kind is float:
        return WHOLE if value.is_integer() else FRACTION
    if kind is str:
        return STRING
    return ARRAY if kind is list else OBJECT


def list_strings(value: Json) -> Iterator[str]:
    """Every string in a value, names of properties included."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, list):
            waiting.extend(cast("list[object]", current))
        elif isinstance(current, dict):
            members = cast("dict[str, Json]", current)
            yield from members
            waiting.extend(members.values())


def list_spellings(value: Json) -> list[Json] | None:
    """Return the values equal to this one, each whole number in it written 1 or 1.0; None for too many."""
    ways: list[Json] = [value]
    if isinstance(value, list):
        ways = [[]]
        for item in cast("list[object]", value):
            inner = list_spellings(item)
            if inner is None or len(ways) * len(inner) > MOST_SPELLINGS:
                return None
            ways = [[*way, spelled] for way in ways for spelled in inner]
    elif isinstance(value, dict):
        ways = [{}]
        for name, member in cast("dict[str, Json]", value).items():
            inner = list_spellings(member)
            if inner is None or len(ways) * len(inner) > MOST_SPELLINGS:
                return None
            ways = [{**way, name: spelled} for way in ways for spelled in inner]
    elif find_type(value) & (INTEGER | WHOLE):
        ways = [int(value)]
        if abs(value) < 1e308 and float(value) == value:
            ways.append(float(value))
    return ways


def count_nodes(value: Json, limit: int) -> int:
    """How many values a value holds, itself included; long strings count for more. Stops past `limit`."""
    count = 0
    waiting = [value]
    while waiting and count <= limit:
        current = waiting.pop()
        count += 1
        if isinstance(current, str):
            count += len(current) // 64
        elif isinstance(current, list):
            waiting.extend(cast("list[object]", current))
        elif isinstance(current, dict):
            waiting.extend(cast("dict[str, Json]", current).values())
    return count


def take_type(values: Iterable[Json], bit: int) -> list[Json]:
    """Return the values of one type, whole numbers written as that type writes them."""
    if not bit & (INTEGER | WHOLE):
        return [value for value in values if find_type(value) & bit]
    whole = [value for value in values if find_type(value) & (INTEGER | WHOLE)]
    if bit == INTEGER:
        return [int(value) if abs(value) < LARGE else value for value in whole]
    return [float(value) for value in whole if abs(value) < 1e308 and float(value) == value]
