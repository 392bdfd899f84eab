"""The keywords on objects, as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.assertions import (
    Has,
    MatchingProperties,
    Names,
    Properties,
    Property,
    SizeAtLeast,
    SizeAtMost,
)
from taskcontract.diff.schemas.dialects import DRAFT_4, DRAFT_6, DRAFT_2019, DRAFT_2020
from taskcontract.diff.schemas.formulas import TRUE
from taskcontract.diff.schemas.scalar_keywords import read_pattern
from taskcontract.diff.schemas.shapes import take_count, take_names
from taskcontract.diff.schemas.unevaluated import read_unevaluated_properties
from taskcontract.diff.schemas.values import OBJECT

if TYPE_CHECKING:
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.reader import Handler, Reader
    from taskcontract.diff.schemas.values import Json


def _read_properties(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    parts: list[Formula] = []
    for name, schema in reader.read_map(members, place).items():
        part = reader.read(schema, (place, name))
        if part is not TRUE:
            parts.append(make.make(Property, name, part))
    return make.all_of(*parts)


def _read_pattern_properties(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    parts: list[Formula] = []
    for pattern, schema in reader.read_map(members, place).items():
        read_pattern(reader, pattern, (place, pattern))
        part = reader.read(schema, (place, pattern))
        if part is not TRUE:
            parts.append(make.make(MatchingProperties, pattern, part))
    return make.all_of(*parts)


def _read_additional_properties(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    part = reader.read(members["additionalProperties"], place)
    if part is TRUE:
        return TRUE
    named, matched = members.get("properties"), members.get("patternProperties")
    return reader.formulas.make(
        Properties,
        frozenset(cast("dict[str, Json]", named)) if isinstance(named, dict) else frozenset[str](),
        frozenset(cast("dict[str, Json]", matched)) if isinstance(matched, dict) else frozenset[str](),
        part,
    )


def _read_required(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    if reader.reading.draft == DRAFT_4 and members["required"] == []:
        return TRUE
    make = reader.formulas
    return make.all_of(*(make.make(Has, name) for name in take_names(members["required"], place)))


def _read_min_properties(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    count = take_count(members["minProperties"], place)
    return reader.formulas.make(SizeAtLeast, count) if count else TRUE


def _read_max_properties(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.make(SizeAtMost, take_count(members["maxProperties"], place))


def _read_property_names(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    part = reader.read(members["propertyNames"], place)
    return TRUE if part is TRUE else reader.formulas.make(Names, part)


def require_when_present(reader: Reader, name: str, wanted: Formula) -> Formula:
    """Return the condition that an object with the property `name` satisfies `wanted`."""
    make = reader.formulas
    condition = make.all_of(make.type_is(OBJECT), make.make(Has, name))
    return make.any_of(make.negate(condition), wanted)


def _read_dependent_required(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    return make.all_of(
        *(
            require_when_present(
                reader,
                name,
                make.all_of(*(make.make(Has, other) for other in take_names(others, (place, name)))),
            )
            for name, others in reader.read_map(members, place).items()
        )
    )


def _read_dependent_schemas(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.all_of(
        *(
            require_when_present(reader, name, reader.read(schema, (place, name)))
            for name, schema in reader.read_map(members, place).items()
        )
    )


def _read_dependencies(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    parts: list[Formula] = []
    for name, wanted in reader.read_map(members, place).items():
        if isinstance(wanted, list):
            others = take_names(cast("list[object]", wanted), (place, name))
            formula = make.all_of(*(make.make(Has, other) for other in others))
        else:
            formula = reader.read(wanted, (place, name))
        parts.append(require_when_present(reader, name, formula))
    return make.all_of(*parts)


HANDLERS: list[tuple[str, Handler, int, int]] = [
    ("properties", _read_properties, DRAFT_4, DRAFT_2020),
    ("patternProperties", _read_pattern_properties, DRAFT_4, DRAFT_2020),
    ("additionalProperties", _read_additional_properties, DRAFT_4, DRAFT_2020),
    ("required", _read_required, DRAFT_4, DRAFT_2020),
    ("minProperties", _read_min_properties, DRAFT_4, DRAFT_2020),
    ("maxProperties", _read_max_properties, DRAFT_4, DRAFT_2020),
    ("propertyNames", _read_property_names, DRAFT_6, DRAFT_2020),
    ("dependentRequired", _read_dependent_required, DRAFT_2019, DRAFT_2020),
    ("dependentSchemas", _read_dependent_schemas, DRAFT_2019, DRAFT_2020),
    ("dependencies", _read_dependencies, DRAFT_4, DRAFT_2020),
    ("unevaluatedProperties", read_unevaluated_properties, DRAFT_2019, DRAFT_2020),
]
