"""The keywords on types, fixed values, numbers and strings, as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.assertions import (
    AtLeast,
    AtMost,
    HasFormat,
    LengthAtLeast,
    LengthAtMost,
    Matches,
    MultipleOf,
)
from taskcontract.diff.schemas.dialects import DRAFT_4, DRAFT_6, DRAFT_2020
from taskcontract.diff.schemas.formats import EXAMPLES
from taskcontract.diff.schemas.formulas import TRUE, Opaque
from taskcontract.diff.schemas.places import ROOT, refuse, show
from taskcontract.diff.schemas.shapes import take_count, take_flag, take_number, take_text
from taskcontract.diff.schemas.values import ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, OBJECT, STRING, WHOLE
from taskcontract.model.checks import CHECKS, NOT_RECORDED

if TYPE_CHECKING:
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.reader import Handler, Reader
    from taskcontract.diff.schemas.values import Json

_MASKS = {
    "null": NULL,
    "boolean": BOOLEAN,
    "integer": INTEGER | WHOLE,
    "number": NUMBER,
    "string": STRING,
    "array": ARRAY,
    "object": OBJECT,
}


def read_pattern(reader: Reader, pattern: Json, place: Place) -> str:
    """Return a regular expression, after checking that it is one."""
    text = take_text(pattern, place)
    fault = reader.patterns.find_fault(text)
    if fault is not None:
        refuse(place, f"{show(text)} is not a regular expression: {fault}", "Correct the pattern.")
    return text


def _read_type(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    value = members["type"]
    names = cast("list[object]", value) if isinstance(value, list) else [value]
    mask = 0
    for name in names:
        bits = _MASKS.get(name) if isinstance(name, str) else None
        if bits is None:
            refuse(place, f"{show(name)} is no JSON type", f"Use one of {', '.join(_MASKS)}.")
        mask |= INTEGER if name == "integer" and reader.reading.draft == DRAFT_4 else bits
    if not names or len(set(names)) < len(names):
        refuse(place, "`type` is an empty list, or names a type twice", "Name each type once.")
    return reader.formulas.type_is(mask)


def _read_enum(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    values = members["enum"]
    if not isinstance(values, list):
        refuse(place, f"`enum` is a list of values, not {show(values)}", "Write a list.")
    return reader.formulas.one_value_of(cast("list[object]", values))


def _read_const(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.one_value_of([members["const"]])


def _is_open(reader: Reader, members: dict[str, Json], place: Place, keyword: str) -> bool:
    if reader.reading.draft > DRAFT_4 or keyword not in members:
        return False
    return take_flag(members[keyword], (place[0] or ROOT, keyword))


def _read_minimum(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    bound = take_number(members["minimum"], place)
    return reader.formulas.make(AtLeast, bound, _is_open(reader, members, place, "exclusiveMinimum"))


def _read_maximum(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    bound = take_number(members["maximum"], place)
    return reader.formulas.make(AtMost, bound, _is_open(reader, members, place, "exclusiveMaximum"))


def _read_exclusive_minimum(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(AtLeast, take_number(members["exclusiveMinimum"], place), True)


def _read_exclusive_maximum(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(AtMost, take_number(members["exclusiveMaximum"], place), True)


def _read_multiple_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    divisor = take_number(members["multipleOf"], place)
    if divisor <= 0:
        refuse(place, f"`multipleOf` is more than 0, not {show(divisor)}", "Write a positive number.")
    return reader.formulas.make(MultipleOf, divisor)


def _read_min_length(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    count = take_count(members["minLength"], place)
    return reader.formulas.make(LengthAtLeast, count) if count else TRUE


def _read_max_length(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(LengthAtMost, take_count(members["maxLength"], place))


def _read_pattern(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(Matches, read_pattern(reader, members["pattern"], place))


def _read_format(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    name = take_text(members["format"], place)
    return reader.formulas.make(HasFormat, name) if reader.formats and name in EXAMPLES else TRUE


def _read_checks(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    """Read the checks that only code knows: a name and a hash each; the same hash is the same check."""
    checks = members[CHECKS]
    if not isinstance(checks, dict):
        refuse(place, f"`x-checks` is an object of hashes by name, not {show(checks)}", "Write an object.")
    make = reader.formulas
    return make.all_of(
        *(
            make.make(Opaque, (CHECKS, name, take_text(hash_, (place, name))), _say_check(name))
            for name, hash_ in cast("dict[str, Json]", checks).items()
        )
    )


def _say_check(name: str) -> str:
    return name if name == NOT_RECORDED else f"`{name}` is a check that no schema shows"


#: Each keyword with what reads it and the first and the last draft that know it.
HANDLERS: list[tuple[str, Handler, int, int]] = [
    ("type", _read_type, DRAFT_4, DRAFT_2020),
    ("enum", _read_enum, DRAFT_4, DRAFT_2020),
    ("const", _read_const, DRAFT_6, DRAFT_2020),
    ("minimum", _read_minimum, DRAFT_4, DRAFT_2020),
    ("maximum", _read_maximum, DRAFT_4, DRAFT_2020),
    ("exclusiveMinimum", _read_exclusive_minimum, DRAFT_6, DRAFT_2020),
    ("exclusiveMaximum", _read_exclusive_maximum, DRAFT_6, DRAFT_2020),
    ("multipleOf", _read_multiple_of, DRAFT_4, DRAFT_2020),
    ("minLength", _read_min_length, DRAFT_4, DRAFT_2020),
    ("maxLength", _read_max_length, DRAFT_4, DRAFT_2020),
    ("pattern", _read_pattern, DRAFT_4, DRAFT_2020),
    ("format", _read_format, DRAFT_4, DRAFT_2020),
    (CHECKS, _read_checks, DRAFT_4, DRAFT_2020),
]
