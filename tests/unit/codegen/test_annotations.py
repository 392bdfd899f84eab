"""The annotation that is written for a schema is of a type with that very schema: the codec is asked."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Mapping, Sequence
from enum import Enum
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import BaseModel

from taskcontract.codegen.annotations import is_plain_json, spell_type
from taskcontract.codegen.imports import Imports
from taskcontract.declare.codec import Codec

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

LEAVES: list[Any] = [
    int,
    str,
    float,
    bool,
    None,
    bytes,
    datetime.datetime,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    uuid.UUID,
    Literal["a", "it's", 'a "b"'],
    Literal[1, "b", None],
    list,
    dict,
    Any,
]
TYPES: list[Any] = [
    *LEAVES,
    *(GenericAlias(list, (leaf,)) for leaf in LEAVES),
    *(GenericAlias(dict, (str, leaf)) for leaf in LEAVES),
    *(leaf | None for leaf in LEAVES if leaf not in (None, Any)),
    tuple[int, str, datetime.date],
    tuple[int, ...],
    Sequence[int],
    Mapping[str, list[uuid.UUID | None]],
    int | str | list[int],
]


def read_back(text: str, imports: Imports) -> Any:
    """Return the type that `text` spells, in a module with these imports."""
    namespace: dict[str, Any] = {}
    exec("\n".join(imports.write(100)), namespace)
    return eval(text, namespace)


def schema_of(annotation: Any) -> Json:
    return Codec(annotation).schema("read")


@pytest.mark.parametrize("annotation", TYPES, ids=str)
def test_a_type_is_written_that_takes_the_same_values(annotation: Any) -> None:
    imports = Imports({})
    schema = schema_of(annotation)

    assert schema_of(read_back(spell_type(schema, imports), imports)) == schema


class Color(Enum):
    RED = "red"
    BLUE = 2


class Point(BaseModel):
    x: int


def test_an_enum_becomes_its_values() -> None:
    assert spell_type(schema_of(Color), Imports({})) == 'Literal["red", 2]'


@pytest.mark.parametrize("annotation", [Point, list[Point], dict[int, str], Literal["a"] | Point], ids=str)
def test_what_needs_a_class_takes_anything_in_its_place(annotation: Any) -> None:
    imports = Imports({})

    written = read_back(spell_type(schema_of(annotation), imports), imports)

    assert written in (Any, list[Any])


@pytest.mark.parametrize("schema", [True, {}, {"type": "string", "maxLength": 3}, {"enum": [1.5]}], ids=str)
def test_what_no_type_says_is_any(schema: Json) -> None:
    assert spell_type(schema, Imports({})) == "Any"


def test_texts_that_stand_for_other_values_are_not_plain() -> None:
    assert [leaf for leaf in LEAVES if not is_plain_json(schema_of(leaf))] == [
        bytes,
        datetime.datetime,
        datetime.date,
        datetime.time,
        datetime.timedelta,
        decimal.Decimal,
        uuid.UUID,
    ]
