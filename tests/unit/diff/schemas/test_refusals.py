"""What a comparison says of a break: the witness, where it is refused, and which kind of change that is."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.diff.schemas import compare_schemas
from tests.support.schema_tables import closed, opened

INTEGER, NUMBER, STRING = ({"type": name} for name in ("integer", "number", "string"))
DEFINITIONS = {"Meta": opened("tenant", tenant=STRING)}
NARROWER = {"Meta": opened("tenant", tenant={"type": "string", "minLength": 1})}

# Old, new, the path in the value, the kind of change.
ROWS: list[tuple[Any, Any, str, str]] = [
    (NUMBER, INTEGER, "$", "type-narrowed"),
    ({"type": ["integer", "string"]}, INTEGER, "$", "type-narrowed"),
    (STRING, INTEGER, "$", "type-replaced"),
    (opened(a=STRING), opened(a=INTEGER), "$.a", "type-replaced"),
    ({"type": ["string", "null"]}, STRING, "$", "null-removed"),
    (opened(a={"anyOf": [STRING, {"type": "null"}]}), opened(a=STRING), "$.a", "null-removed"),
    ({"enum": ["a", "b"]}, {"enum": ["a"]}, "$", "enum-value-removed"),
    ({"const": "a"}, {"const": "b"}, "$", "enum-value-removed"),
    (STRING, {"enum": ["a"]}, "$", "constraint-tightened"),
    (STRING, {"type": "string", "maxLength": 3}, "$", "constraint-tightened"),
    (STRING, {"type": "string", "pattern": "^a"}, "$", "constraint-tightened"),
    ({"type": "array", "items": NUMBER}, {"type": "array", "items": INTEGER}, "$[0]", "type-narrowed"),
    ({"type": "array"}, {"type": "array", "uniqueItems": True}, "$", "constraint-tightened"),
    ({"type": "array"}, {"type": "array", "minItems": 1}, "$", "constraint-tightened"),
    (opened(a=STRING), opened("b", a=STRING, b=STRING), "$", "field-added-required"),
    (opened(a=STRING), opened("a", a=STRING), "$", "field-became-required"),
    (closed(a=STRING, b=STRING), closed(a=STRING), "$", "field-removed"),
    (opened(a=STRING), closed(a=STRING), "$", "object-closed"),
    ({"type": "object"}, {"type": "object", "additionalProperties": INTEGER}, "$.a", "type-narrowed"),
    (
        opened("a b", **{"a b": opened("c", c=NUMBER)}),
        opened("a b", **{"a b": opened("c", c=INTEGER)}),
        "$['a b'].c",
        "type-narrowed",
    ),
    (
        {"$defs": DEFINITIONS, **opened("meta", meta={"$ref": "#/$defs/Meta"})},
        {"$defs": NARROWER, **opened("meta", meta={"$ref": "#/$defs/Meta"})},
        "$.meta.tenant",
        "constraint-tightened",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "kind"), ROWS, ids=str)
def test_a_break_is_located_and_named(old: Any, new: Any, path: str, kind: str) -> None:
    found = compare_schemas(old, new)

    assert (found.verdict, found.path, found.kind) == ("not-included", path, kind)
    assert found.has_witness
    assert found.reason.startswith(f"{path}: ")


def test_null_can_be_the_witness() -> None:
    found = compare_schemas({"type": "null"}, {"type": "string"})

    assert found.has_witness
    assert found.witness is None


def test_an_inclusion_has_no_witness() -> None:
    found = compare_schemas(INTEGER, NUMBER)

    assert (found.verdict, found.has_witness, found.witness, found.path, found.kind) == (
        "included",
        False,
        None,
        "",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "witness"),
    [
        (STRING, {"type": "string", "minLength": 2}, ""),
        ({"type": "string", "pattern": "^s3://"}, {"type": "string", "pattern": "^s3://[a-z]+/"}, "s3://"),
        (opened(a=INTEGER), opened("a", a=INTEGER), {}),
        ({"type": "array", "items": INTEGER}, {"type": "array", "maxItems": 1}, [0, 0]),
        ({"type": "integer", "minimum": 5}, {"type": "integer", "minimum": 7}, 5),
    ],
    ids=str,
)
def test_a_witness_is_the_plainest_value(old: Any, new: Any, witness: Any) -> None:
    assert compare_schemas(old, new).witness == witness


def test_asserted_formats_are_conditions_of_their_own() -> None:
    date, plain = {"type": "string", "format": "date"}, {"type": "string"}

    assert compare_schemas(plain, date).verdict == "included"
    refused = compare_schemas(plain, date, formats="asserted")
    assert (refused.verdict, refused.kind) == ("not-included", "format")
    assert compare_schemas(date, plain, formats="asserted").verdict == "included"
    assert (
        compare_schemas(date, {"type": "string", "format": "uuid"}, formats="asserted").verdict
        == "not-included"
    )
    assert (
        compare_schemas(date, {"type": "string", "format": "own"}, formats="asserted").verdict == "included"
    )


def test_what_stands_beside_listed_values_and_cannot_be_told_is_named() -> None:
    elsewhere = {"$ref": "https://example.org/a"}

    for old in ({"enum": ["a", "b"]}, {"const": 1}, {"type": "null"}, {"type": "boolean"}):
        found = compare_schemas(old, elsewhere)
        assert found.verdict == "undecided"
        assert "https://example.org/a is outside this schema" in found.reason
