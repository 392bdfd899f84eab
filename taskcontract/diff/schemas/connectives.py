"""References, connectives and definitions, as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.dialects import DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020
from taskcontract.diff.schemas.formulas import TRUE
from taskcontract.diff.schemas.places import ROOT, refuse, show
from taskcontract.model.pointers import read_reference

if TYPE_CHECKING:
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.reader import Handler, Reader
    from taskcontract.diff.schemas.values import Json


def _read_ref(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return _read_target(reader, members, members["$ref"], place)


def _read_target(reader: Reader, members: dict[str, Json], reference: Json, place: Place) -> Formula:
    target = reader.follow(reference, place)
    if target is None:
        return reader.opaque(members, place, f"{reference} is outside this schema and is never fetched")
    outer = reader.resource
    reader.resource = target[1]
    formula = reader.read(target[0], _place_of(reference, place))
    reader.resource = outer
    return formula


def _place_of(reference: str, place: Place) -> Place:
    if not reference.startswith("#/"):
        return place
    found: Place = ROOT
    for step in read_reference(reference):
        found = (found, step)
    return found


def _read_dynamic_ref(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    reference = members["$dynamicRef"]
    name = reference.partition("#")[2] if isinstance(reference, str) else ""
    if len(reader.document.dynamic_anchors.get(name, ())) > 1:
        return reader.opaque(members, place, "`$dynamicRef` could lead to several places")
    return _read_target(reader, members, reference, place)


def _read_recursive_ref(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    if members["$recursiveRef"] != "#" or reader.document.recursive_anchors:
        return reader.opaque(members, place, "`$recursiveRef` could lead to several places")
    return _read_target(reader, members, "#", place)


def _read_all_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.all_of(*reader.read_list(members, place))


def _read_any_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.any_of(*reader.read_list(members, place))


def _read_one_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.one_of(*reader.read_list(members, place))


def _read_not(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.negate(reader.read(members["not"], place))


def _read_if(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    condition = reader.read(members["if"], place)
    above = place[0] or ROOT
    then = reader.read(members["then"], (above, "then")) if "then" in members else TRUE
    otherwise = reader.read(members["else"], (above, "else")) if "else" in members else TRUE
    return make.all_of(
        make.any_of(make.negate(condition), then),
        make.any_of(condition, otherwise),
    )


def _read_definitions(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    # They constrain nothing, but an invalid one makes the whole schema invalid.
    for name, schema in reader.read_map(members, place).items():
        reader.read(schema, (place, name))
    return TRUE


def _read_branch(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    # Without `if` it says nothing, but it still has to be a schema.
    if "if" not in members:
        reader.read(members[cast("str", place[1])], place)
    return TRUE


def _read_name(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    name = members[cast("str", place[1])]
    if not isinstance(name, str):
        refuse(place, f"`{place[1]}` is a string, not {show(name)}", "Write a string.")
    return TRUE


#: Each keyword with what reads it and the first and the last draft that know it.
HANDLERS: list[tuple[str, Handler, int, int]] = [
    ("allOf", _read_all_of, DRAFT_4, DRAFT_2020),
    ("anyOf", _read_any_of, DRAFT_4, DRAFT_2020),
    ("oneOf", _read_one_of, DRAFT_4, DRAFT_2020),
    ("not", _read_not, DRAFT_4, DRAFT_2020),
    ("if", _read_if, DRAFT_7, DRAFT_2020),
    ("then", _read_branch, DRAFT_7, DRAFT_2020),
    ("else", _read_branch, DRAFT_7, DRAFT_2020),
    ("$id", _read_name, DRAFT_6, DRAFT_2020),
    ("$anchor", _read_name, DRAFT_2019, DRAFT_2020),
    ("$ref", _read_ref, DRAFT_4, DRAFT_2020),
    ("$dynamicRef", _read_dynamic_ref, DRAFT_2020, DRAFT_2020),
    ("$recursiveRef", _read_recursive_ref, DRAFT_2019, DRAFT_2019),
    ("definitions", _read_definitions, DRAFT_4, DRAFT_2020),
    ("$defs", _read_definitions, DRAFT_2019, DRAFT_2020),
]
