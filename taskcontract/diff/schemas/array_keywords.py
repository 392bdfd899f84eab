"""The keywords on arrays, as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.assertions import ItemAt, ItemsAtLeast, ItemsAtMost, ItemsFrom, Unique
from taskcontract.diff.schemas.dialects import DRAFT_4, DRAFT_6, DRAFT_2019, DRAFT_2020
from taskcontract.diff.schemas.formulas import TRUE
from taskcontract.diff.schemas.places import ROOT
from taskcontract.diff.schemas.shapes import take_count, take_flag
from taskcontract.diff.schemas.unevaluated import read_unevaluated_items

if TYPE_CHECKING:
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.reader import Handler, Reader
    from taskcontract.diff.schemas.values import Json


def _items_from(reader: Reader, index: int, part: Formula) -> Formula:
    return TRUE if part is TRUE else reader.formulas.make(ItemsFrom, index, part)


def _items_at(reader: Reader, parts: list[Formula]) -> Formula:
    make = reader.formulas
    return make.all_of(*(make.make(ItemAt, at, part) for at, part in enumerate(parts) if part is not TRUE))


def _read_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    schema = members["items"]
    if isinstance(schema, list) and reader.reading.draft <= DRAFT_2019:
        if not schema:
            return TRUE
        return _items_at(reader, reader.read_list(members, place))
    first = 0
    if reader.reading.draft == DRAFT_2020:
        leading = members.get("prefixItems")
        first = len(leading) if isinstance(leading, list) else 0
    return _items_from(reader, first, reader.read(schema, place))


def _read_prefix_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return _items_at(reader, reader.read_list(members, place))


def _read_additional_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    leading = members.get("items")
    part = reader.read(members["additionalItems"], place)
    return _items_from(reader, len(leading), part) if isinstance(leading, list) else TRUE


def _read_min_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    count = take_count(members["minItems"], place)
    return reader.formulas.make(ItemsAtLeast, count, TRUE) if count else TRUE


def _read_max_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(ItemsAtMost, take_count(members["maxItems"], place), TRUE)


def _read_unique_items(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(Unique) if take_flag(members["uniqueItems"], place) else TRUE


def _read_contains(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    part = reader.read(members["contains"], place)
    above = place[0] or ROOT
    least, most = 1, None
    if reader.reading.draft >= DRAFT_2019:
        if "minContains" in members:
            least = take_count(members["minContains"], (above, "minContains"))
        if "maxContains" in members:
            most = take_count(members["maxContains"], (above, "maxContains"))
    return make.all_of(
        make.make(ItemsAtLeast, least, part) if least else TRUE,
        TRUE if most is None else make.make(ItemsAtMost, most, part),
    )


def _check_contained(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    # Without `contains` it says nothing, but it still has to be a count.
    take_count(members[cast("str", place[1])], place)
    return TRUE


HANDLERS: list[tuple[str, Handler, int, int]] = [
    ("items", _read_items, DRAFT_4, DRAFT_2020),
    ("prefixItems", _read_prefix_items, DRAFT_2020, DRAFT_2020),
    ("additionalItems", _read_additional_items, DRAFT_4, DRAFT_2019),
    ("minItems", _read_min_items, DRAFT_4, DRAFT_2020),
    ("maxItems", _read_max_items, DRAFT_4, DRAFT_2020),
    ("uniqueItems", _read_unique_items, DRAFT_4, DRAFT_2020),
    ("contains", _read_contains, DRAFT_6, DRAFT_2020),
    ("minContains", _check_contained, DRAFT_2019, DRAFT_2020),
    ("maxContains", _check_contained, DRAFT_2019, DRAFT_2020),
    ("unevaluatedItems", read_unevaluated_items, DRAFT_2019, DRAFT_2020),
]
