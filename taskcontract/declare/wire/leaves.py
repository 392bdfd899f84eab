"""Values that travel as text: which texts stand for one of a type, and how such a text is read."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from taskcontract.declare.wire.ranges import (
    decimal_above,
    decimal_below,
    decimal_digits,
    text_above,
    text_below,
)
from taskcontract.declare.wire.readers import read_base64, read_boolean, read_duration
from taskcontract.model.forms import (
    DATE,
    DECIMAL,
    DURATION,
    TIME,
    anchored,
    base64_form,
    datetime_form,
    uuid_form,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["BOUNDS", "Leaf", "is_constrained_decimal", "key_leaf", "leaf_of"]

BOUND_WORDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
BOUNDS = tuple(BOUND_WORDS)
_DIGITS = ("max_digits", "decimal_places")


class Leaf(NamedTuple):
    """Texts for the values of one type: all the `patterns` match them.

    `says` completes the sentence "Input should be ...". `checks` are the constraints of the type that no
    pattern shows, by name.
    """

    format: str | None
    patterns: tuple[str, ...]
    read: Callable[[str], Any]
    says: str
    checks: dict[str, object]


def leaf_of(node: Mapping[str, Any]) -> Leaf | None:
    """Return the texts for the values of a pydantic-core schema; None if its values are not sent as text."""
    make = _LEAVES.get(node["type"])
    return make(node) if make else None


def key_leaf(node: Mapping[str, Any]) -> Leaf | None:
    """Return the texts for the keys of an object, which are always strings; None if they are already."""
    kind = node["type"]
    if kind == "int":
        bounds = tuple(_bounds(node, lambda value: Decimal(value)))
        checks = {"multiple of": node["multiple_of"]} if "multiple_of" in node else {}
        says = f"an integer{_say_bounds(node)}"
        return Leaf(None, (anchored("-?(?:0|[1-9][0-9]{0,99})"), *bounds), int, says, checks)
    if kind == "float":
        checks = {name: node[name] for name in (*BOUNDS, "multiple_of") if name in node}
        pattern = r"-?[0-9]{1,300}(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?"
        return Leaf(None, (anchored(pattern),), float, "a number", checks)
    if kind == "bool":
        return Leaf(None, (anchored("true|false"),), read_boolean, "true or false", {})
    return leaf_of(node)


def is_constrained_decimal(node: Mapping[str, Any]) -> bool:
    """Return whether a decimal's texts have no exponent, because its bounds and digits are compared."""
    return any(node.get(name) is not None for name in (*BOUNDS, *_DIGITS, "multiple_of"))


def _date(node: Mapping[str, Any]) -> Leaf:
    patterns = [anchored(DATE)]
    for name in BOUNDS:
        if node.get(name) is not None:
            compare = text_above if name in ("ge", "gt") else text_below
            patterns.append(anchored(compare(node[name].isoformat(), open_=name in ("gt", "lt"))))
    checks: dict[str, object] = {f"a date in the {node['now_op']}": None} if node.get("now_op") else {}
    says = f"a date such as 2027-01-31{_say_bounds(node)}"
    return Leaf("date", tuple(patterns), date.fromisoformat, says, checks)


def _datetime(node: Mapping[str, Any]) -> Leaf:
    zone = node.get("tz_constraint")
    form = datetime_form(
        aware={"aware": True, "naive": False}.get(zone) if isinstance(zone, str) else zone and True
    )
    says = "a date and time such as 2027-01-31T12:00:00" + {"aware": "Z", "naive": " without an offset"}.get(
        str(zone), ""
    )
    return Leaf("date-time", (anchored(form),), datetime.fromisoformat, says, dict(_unseen(node)))


def _time(node: Mapping[str, Any]) -> Leaf:
    return Leaf("time", (anchored(TIME),), time.fromisoformat, "a time such as 12:30:00", dict(_unseen(node)))


def _duration(node: Mapping[str, Any]) -> Leaf:
    return Leaf(
        "duration", (anchored(DURATION),), read_duration, "a duration such as PT1H30M", dict(_unseen(node))
    )


def _uuid(node: Mapping[str, Any]) -> Leaf:
    version = node.get("version")
    says = "a UUID" if version is None else f"a UUID of version {version}"
    return Leaf("uuid", (anchored(uuid_form(version)),), UUID, says, {})


def _bytes(node: Mapping[str, Any]) -> Leaf:
    least, most = node.get("min_length") or 0, node.get("max_length")
    says = (
        "bytes in base 64" + (f", at least {least}" if least else "") + (f", at most {most}" if most else "")
    )
    return Leaf("base64", (anchored(base64_form(least, most)),), read_base64, says, {})


def _decimal(node: Mapping[str, Any]) -> Leaf:
    if not is_constrained_decimal(node):
        return Leaf("decimal", (anchored(DECIMAL),), Decimal, "a decimal number", {})
    form = decimal_digits(node.get("max_digits"), node.get("decimal_places"))
    if node.get("max_digits") is None and node.get("decimal_places") is None:
        form = r"-?[0-9]+(?:\.[0-9]+)?"
    checks = {"multiple of": node["multiple_of"]} if node.get("multiple_of") is not None else {}
    patterns = (anchored(form), *_bounds(node, lambda value: Decimal(str(value))))
    says = f"a decimal number without exponent{_say_digits(node)}{_say_bounds(node)}"
    return Leaf("decimal", patterns, Decimal, says, checks)


def _bounds(node: Mapping[str, Any], read: Callable[[Any], Decimal]) -> Iterator[str]:
    for name in BOUNDS:
        if node.get(name) is not None:
            compare = decimal_above if name in ("ge", "gt") else decimal_below
            yield anchored(compare(read(node[name]), open_=name in ("gt", "lt")))


def _say_digits(node: Mapping[str, Any]) -> str:
    most, places = node.get("max_digits"), node.get("decimal_places")
    if most is None or places is None:
        said = {"": most, " after the point": places}
        return "".join(
            f", at most {limit} digits{where}" for where, limit in said.items() if limit is not None
        )
    return f", at most {max(most - places, 0)} digits before the point and {places} after it"


def _say_bounds(node: Mapping[str, Any]) -> str:
    limits = {BOUND_WORDS[name]: node[name] for name in BOUND_WORDS if node.get(name) is not None}
    return "".join(f", {words} {limit}" for words, limit in limits.items())


def _unseen(node: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the constraints on moments and spans, which no pattern compares: offsets and units differ."""
    for name in BOUNDS:
        if node.get(name) is not None:
            yield name, node[name]
    if node.get("now_op"):
        yield f"a moment in the {node['now_op']}", None
    if isinstance(node.get("tz_constraint"), int):
        yield "offset in seconds", node["tz_constraint"]


_LEAVES: dict[str, Callable[[Mapping[str, Any]], Leaf]] = {
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "timedelta": _duration,
    "uuid": _uuid,
    "bytes": _bytes,
    "decimal": _decimal,
}
