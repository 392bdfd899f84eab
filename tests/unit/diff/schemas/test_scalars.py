"""Types, fixed values, numbers and strings: which way a change is an inclusion."""

from __future__ import annotations

import random

import pytest

from taskcontract.diff import compare_schemas
from tests.support.schema_tables import Row, check_row

NULL, BOOLEAN, INTEGER, NUMBER, STRING = (
    {"type": name} for name in ("null", "boolean", "integer", "number", "string")
)
EVERY_TYPE = ["array", "boolean", "integer", "null", "number", "object", "string"]

TYPES: list[Row] = [
    (INTEGER, NUMBER, "<x"),
    (INTEGER, STRING, "xx"),
    (STRING, {"type": ["string", "null"]}, "<x"),
    ({"type": ["string", "null"]}, {"anyOf": [NULL, STRING]}, "<<"),
    ({"type": ["integer", "number"]}, NUMBER, "<<"),
    ({"type": EVERY_TYPE}, {}, "<<"),
    ({"type": EVERY_TYPE}, True, "<<"),
    (STRING, {}, "<x"),
    (False, STRING, "<x"),
    (False, {"not": {}}, "<<"),
    ({"description": "a", "default": 1, "examples": [1]}, {"title": "b", "deprecated": True}, "<<"),
    ({"type": "string", "nullable": True}, STRING, "<<"),
    ({"type": "string", "x-unknown": [1]}, STRING, "<<"),
    ({"type": "string", "format": "date"}, STRING, "<<"),
    ({"type": "string", "format": "date"}, {"type": "string", "format": "uuid"}, "<<"),
    ({"type": "string", "contentEncoding": "base64"}, STRING, "<<"),
    ({"type": "number", "minLength": 3}, NUMBER, "<<"),
]

VALUES: list[Row] = [
    ({"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, "<x"),
    ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, "<<"),
    ({"enum": ["a", "b"]}, STRING, "<x"),
    ({"enum": ["a", 1]}, STRING, "xx"),
    ({"const": "a"}, {"enum": ["a"]}, "<<"),
    ({"const": "a"}, {"const": "b"}, "xx"),
    ({"const": 1}, {"const": 1.0}, "<<"),
    ({"const": 1}, {"const": True}, "xx"),
    ({"enum": [0, 1]}, BOOLEAN, "xx"),
    ({"enum": [True, False]}, BOOLEAN, "<<"),
    ({"const": None}, NULL, "<<"),
    ({"type": "string", "enum": ["a", 1]}, {"const": "a"}, "<<"),
    ({"const": {"a": 1, "b": [1.0]}}, {"const": {"b": [1], "a": 1.0}}, "<<"),
    ({"const": [1, 2]}, {"const": [2, 1]}, "xx"),
    ({"type": "integer", "minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}, "<<"),
    ({"type": "number", "minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}, "x<"),
    ({"enum": []}, STRING, "<x"),
    ({"enum": [1, 2]}, {"type": "integer", "maximum": 2}, "<x"),
    ({"enum": ["aa", "b"]}, {"maxLength": 1}, "xx"),
    ({"enum": ["abc", "abd"]}, {"type": "string", "pattern": "^ab"}, "<x"),
    ({"type": "array", "maxItems": 0}, {"const": []}, "<<"),
    ({"type": "object", "maxProperties": 0}, {"const": {}}, "<<"),
]

NUMBERS: list[Row] = [
    ({"type": "number", "minimum": 0}, {"type": "number", "minimum": 1}, "x<"),
    ({"type": "number", "minimum": 0}, {"type": "number", "exclusiveMinimum": 0}, "x<"),
    ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1}, "<<"),
    ({"type": "integer", "minimum": 0.5}, {"type": "integer", "minimum": 1}, "<<"),
    ({"type": "number", "maximum": 10}, {"type": "number", "maximum": 9.5}, "x<"),
    ({"type": "number", "exclusiveMaximum": 10}, {"type": "number", "maximum": 10}, "<x"),
    ({"type": "number", "minimum": 2, "maximum": 1}, False, "<<"),
    ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, False, "<<"),
    ({"type": "number", "minimum": 1, "maximum": 1}, {"const": 1}, "<<"),
    ({"minimum": 5}, {"type": "number", "minimum": 5}, "x<"),
    ({"type": "integer", "multipleOf": 4}, {"type": "integer", "multipleOf": 2}, "<x"),
    ({"type": "integer", "multipleOf": 10}, {"type": "integer", "multipleOf": 4}, "xx"),
    (
        {"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer"},
        {"type": "integer", "multipleOf": 12},
        "<<",
    ),
    ({"type": "number", "multipleOf": 1}, INTEGER, "<<"),
    ({"type": "number", "multipleOf": 0.5}, {"type": "number", "multipleOf": 0.25}, "<x"),
    ({"type": "number", "multipleOf": 0.5}, INTEGER, "x<"),
    ({"type": "number", "multipleOf": 0.01}, NUMBER, "<x"),
    # 1.1 is a multiple of 0.1, and, to a validator that divides binary numbers, none of 0.01.
    ({"type": "number", "multipleOf": 0.1}, {"type": "number", "multipleOf": 0.01}, "?x"),
    # Doubling is exact, and so is what divides a whole number.
    ({"type": "number", "multipleOf": 0.02}, {"type": "number", "multipleOf": 0.01}, "<x"),
    ({"type": "number", "multipleOf": 6}, {"type": "number", "multipleOf": 1.5}, "<x"),
    (INTEGER, {"type": "number", "multipleOf": 2.5}, "xx"),
    ({"type": "integer", "multipleOf": 0.001}, {"type": "integer", "multipleOf": 3}, "x<"),
    (NUMBER, {"type": "number", "multipleOf": 0.001}, "x<"),
    # No power of ten that large is a `float`, and validators differ on the smallest fractions.
    ({"enum": [1e308]}, {"multipleOf": 10**22}, "?x"),
    ({"multipleOf": 5e-324, "minimum": 1.5, "maximum": 1.5}, {"multipleOf": 2}, "?x"),
    ({"type": "integer", "multipleOf": 1e-300, "const": 2**53 + 1}, {"maximum": 0}, "?x"),
    ({"type": "number", "multipleOf": 1e-300}, {"multipleOf": 0.3, "maximum": 10**400}, "xx"),
    ({"type": "number", "multipleOf": 0.3, "minimum": 10**400}, {"multipleOf": 10**400}, "?x"),
    ({"type": "integer", "multipleOf": 3}, {"anyOf": [{"multipleOf": 6}, {"not": {"multipleOf": 2}}]}, "<x"),
    ({"type": "integer", "multipleOf": 7, "minimum": 1, "maximum": 6}, False, "<<"),
    ({"type": "integer", "maximum": 10**30}, {"type": "integer", "maximum": 10**30 + 1}, "<x"),
    ({"type": "number", "minimum": 2**60}, {"type": "number", "minimum": 2**60 + 1}, "x<"),
    ({"not": {"minimum": 3}}, {"type": "number", "exclusiveMaximum": 3}, "<<"),
    (
        {"type": "number", "not": {"const": 0}},
        {"anyOf": [{"exclusiveMinimum": 0}, {"exclusiveMaximum": 0}]},
        "<x",
    ),
]

STRINGS: list[Row] = [
    ({"type": "string", "minLength": 1}, STRING, "<x"),
    ({"type": "string", "minLength": 0}, STRING, "<<"),
    ({"type": "string", "minLength": 1}, {"type": "string", "minLength": 2}, "x<"),
    ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 4}, "x<"),
    ({"type": "string", "maxLength": 0}, {"const": ""}, "<<"),
    ({"type": "string", "minLength": 3, "maxLength": 2}, False, "<<"),
    ({"type": "string", "minLength": 1}, {"type": "string", "not": {"const": ""}}, "<<"),
    ({"type": "string", "pattern": "^a"}, STRING, "<x"),
    ({"type": "string", "pattern": "^ab"}, {"type": "string", "pattern": "^a"}, "<x"),
    ({"type": "string", "pattern": "^[a-z]+$"}, {"type": "string", "pattern": "^[a-z0-9]+$"}, "<x"),
    ({"type": "string", "pattern": "^[a-z]+$"}, {"type": "string", "pattern": "^[a-z]{1,}$"}, "<<"),
    ({"type": "string", "pattern": "^[a-z]{3}$"}, {"type": "string", "minLength": 3}, "<x"),
    ({"type": "string", "pattern": "a"}, {"type": "string", "minLength": 1}, "<x"),
    ({"type": "string", "pattern": ".*"}, STRING, "<<"),
    ({"type": "string", "pattern": "^(foo|bar)$"}, {"type": "string", "pattern": "^(bar|baz|foo)$"}, "<x"),
    (
        {"type": "string", "pattern": "^(?=.*[0-9])(?=.*[a-z]).{8,}$"},
        {"type": "string", "pattern": "[0-9]"},
        "<x",
    ),
    ({"type": "string", "pattern": "^(?!foo)"}, {"type": "string", "not": {"pattern": "^foo"}}, "<<"),
    (
        {"allOf": [{"pattern": "^a"}, {"pattern": "b$"}], "type": "string"},
        {"type": "string", "pattern": "^a.*b$"},
        "x<",
    ),
    ({"type": "string", "pattern": "^\\d{3}$"}, {"type": "string", "pattern": "^\\d{2,4}$"}, "<x"),
    # Python's $ also matches before a last newline, ECMA-262's does not; its \d is every digit of Unicode.
    ({"type": "string", "pattern": "^[a-z]{3}$"}, {"type": "string", "maxLength": 3}, "?x"),
    ({"type": "string", "pattern": "^\\d+$"}, {"type": "string", "pattern": "^[0-9]+$"}, "?<"),
    ({"type": "string", "pattern": "(a)\\1"}, {"type": "string", "pattern": "aa"}, "??"),
    ({"type": "string", "pattern": "(a)\\1"}, {"type": "string", "pattern": "(a)\\1", "minLength": 0}, "<<"),
    ({"type": "string", "pattern": "(a)\\1"}, INTEGER, "?x"),
    ({"type": "string", "pattern": "(?<=a)b"}, {"type": "string", "pattern": "b"}, "?x"),
    ({"type": "string", "pattern": "^x-"}, {"type": "string", "pattern": "^.{2,4}$"}, "xx"),
]


@pytest.mark.parametrize("row", TYPES + VALUES + NUMBERS + STRINGS, ids=str)
def test_scalars_are_compared_exactly(row: Row) -> None:
    check_row(row)


@pytest.mark.parametrize("places", range(1, 16))
def test_whole_numbers_are_multiples_of_a_decimal_where_no_division_strays(places: int) -> None:
    divisor = float(f"1e-{places}")
    found = compare_schemas({"type": "integer"}, {"multipleOf": divisor})
    rng = random.Random(places)
    wholes = [*range(1, 20_000), *(rng.randrange(1, 10 ** rng.randrange(1, 19)) for _ in range(20_000))]

    assert found.verdict != "not-included"
    if found.verdict == "included":
        assert all((whole / divisor).is_integer() for whole in wholes)
    assert found.verdict == "included" or places not in (2, 4)
