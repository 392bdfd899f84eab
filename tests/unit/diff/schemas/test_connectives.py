"""Connectives, references and recursion, and the drafts where they differ."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.diff.schemas import compare_schemas
from tests.support.schema_tables import (
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019,
    DRAFT_2020,
    Row,
    check_row,
    closed,
    opened,
)

NULL, INTEGER, NUMBER, STRING, BOOLEAN = (
    {"type": name} for name in ("null", "integer", "number", "string", "boolean")
)
SMALL, LARGE = {"type": "integer", "maximum": 10}, {"type": "integer", "minimum": 5}


def tagged(kind: str, **properties: Any) -> dict[str, Any]:
    return opened("kind", *properties, kind={"const": kind}, **properties)


def tree(value: Any, **more: Any) -> dict[str, Any]:
    return {
        "$defs": {
            "Tree": opened(
                "value", value=value, children={"type": "array", "items": {"$ref": "#/$defs/Tree"}}, **more
            )
        },
        "$ref": "#/$defs/Tree",
    }


CONNECTIVES: list[Row] = [
    ({"anyOf": [STRING, INTEGER]}, {"anyOf": [STRING, INTEGER, NULL]}, "<x"),
    ({"anyOf": [STRING, INTEGER]}, {"type": ["integer", "string"]}, "<<"),
    ({"anyOf": [SMALL, LARGE]}, INTEGER, "<<"),
    ({"oneOf": [SMALL, LARGE]}, INTEGER, "<x"),
    ({"oneOf": [SMALL, LARGE]}, {"anyOf": [SMALL, LARGE]}, "<x"),
    ({"oneOf": [STRING, INTEGER]}, {"anyOf": [STRING, INTEGER]}, "<<"),
    ({"oneOf": [INTEGER, NUMBER]}, {"type": "number", "not": INTEGER}, "<<"),
    ({"oneOf": [STRING, STRING]}, False, "<<"),
    ({"allOf": [STRING, INTEGER]}, False, "<<"),
    ({"allOf": [{"minimum": 1}, {"maximum": 5}], "type": "integer"}, {"enum": [1, 2, 3, 4, 5]}, "<<"),
    ({"allOf": [opened(a=INTEGER), opened(b=INTEGER)]}, opened(a=INTEGER, b=INTEGER), "<<"),
    ({"allOf": [closed(a={}), closed(b={})]}, {"const": {}}, "<<"),
    ({"not": STRING}, {"not": {"type": ["string", "null"]}}, "x<"),
    ({"not": {"not": STRING}}, STRING, "<<"),
    ({"not": {"required": ["a"]}}, {"not": {"required": ["a", "b"]}}, "<x"),
    ({"not": {"enum": [1, 2]}}, {"not": {"const": 1}}, "<x"),
    ({"not": {}}, False, "<<"),
    ({"not": {"anyOf": [STRING, INTEGER]}}, {"allOf": [{"not": STRING}, {"not": INTEGER}]}, "<<"),
    ({"if": STRING, "then": {"minLength": 1}}, {"anyOf": [{"not": STRING}, {"minLength": 1}]}, "<<"),
    ({"if": STRING, "then": {"minLength": 1}, "else": INTEGER}, {"type": ["string", "integer"]}, "<x"),
    ({"then": STRING}, {}, "<<"),
    (
        {"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        "<<",
    ),
    (
        {"anyOf": [opened("a", a=INTEGER), opened("a", a=STRING)]},
        opened("a", a={"type": ["integer", "string"]}),
        "<<",
    ),
    (
        {"oneOf": [tagged("cat", lives=INTEGER), tagged("dog", name=STRING)]},
        {"anyOf": [tagged("cat", lives=INTEGER), tagged("dog", name=STRING)]},
        "<<",
    ),
    (
        {"oneOf": [tagged("cat"), tagged("dog")]},
        {"oneOf": [tagged("cat"), tagged("dog"), tagged("bird")]},
        "<x",
    ),
    (
        {"oneOf": [tagged("cat", lives=INTEGER)]},
        {"oneOf": [tagged("cat", lives=NUMBER), tagged("dog")]},
        "<x",
    ),
    ({"oneOf": [closed(a=STRING), closed(b=STRING)]}, {"anyOf": [closed(a=STRING), closed(b=STRING)]}, "<x"),
    (
        {"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"type": "object", "minProperties": 1},
        "<x",
    ),
]

REFERENCES: list[Row] = [
    ({"$defs": {"A": STRING}, "$ref": "#/$defs/A"}, STRING, "<<"),
    ({"$defs": {"A": STRING}, "$ref": "#/$defs/A", "maxLength": 3}, {"type": "string", "maxLength": 3}, "<<"),
    ({"$defs": {"A": INTEGER}, "$ref": "#/$defs/A"}, {"$defs": {"B": NUMBER}, "$ref": "#/$defs/B"}, "<x"),
    ({"$defs": {"A": {"$anchor": "here", **INTEGER}}, "$ref": "#here"}, INTEGER, "<<"),
    ({"$id": "https://x.example/s", "$defs": {"A": {"$id": "a", **INTEGER}}, "$ref": "a"}, INTEGER, "<<"),
    (
        {
            "$id": "https://x.example/s",
            "$defs": {"A": {"$id": "a", "$defs": {"B": STRING}, "$ref": "#/$defs/B"}},
            "$ref": "a",
        },
        STRING,
        "<<",
    ),
    ({"$defs": {"a/b": {"$defs": {"c~d": STRING}}}, "$ref": "#/$defs/a~1b/$defs/c~0d"}, STRING, "<<"),
    ({"$defs": {"a b": STRING}, "$ref": "#/$defs/a%20b"}, STRING, "<<"),
    (
        {"properties": {"a": STRING, "b": {"$ref": "#/properties/a"}}},
        {"properties": {"a": STRING, "b": STRING}},
        "<<",
    ),
    ({"$dynamicRef": "#node", "$defs": {"A": {"$dynamicAnchor": "node", **STRING}}}, STRING, "<<"),
    (tree(INTEGER), tree(NUMBER), "<x"),
    (tree(INTEGER), tree(INTEGER, label={}), "<<"),
    (tree(INTEGER), tree(INTEGER, label=STRING), "x<"),
    (tree(INTEGER), opened("value", value=INTEGER), "<x"),
    (
        tree(INTEGER),
        opened("value", children={"type": "array", "items": opened("value", value=NUMBER)}),
        "<x",
    ),
    ({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}, False, "<<"),
    (
        {
            "$defs": {"A": opened(b={"$ref": "#/$defs/B"}), "B": opened(a={"$ref": "#/$defs/A"})},
            "$ref": "#/$defs/A",
        },
        {"$defs": {"C": opened(a={"$ref": "#/$defs/C"}, b={"$ref": "#/$defs/C"})}, "$ref": "#/$defs/C"},
        "x<",
    ),
    ({"$ref": "https://elsewhere.example/x.json"}, STRING, "??"),
    (opened(a={"$ref": "other.json"}), opened(a=STRING), "??"),
]

DRAFTS: list[Row] = [
    (
        {"$schema": DRAFT_7, "definitions": {"A": STRING}, "$ref": "#/definitions/A", "maxLength": 3},
        STRING,
        "<<",
    ),
    ({"$schema": DRAFT_2019, "$defs": {"A": STRING}, "$ref": "#/$defs/A", "maxLength": 3}, STRING, "<x"),
    ({"$schema": DRAFT_7, "definitions": {"A": {"$id": "#here", **STRING}}, "$ref": "#here"}, STRING, "<<"),
    ({"$schema": DRAFT_7, "dependencies": {"a": ["b"]}}, {"dependentRequired": {"a": ["b"]}}, "<<"),
    (
        {"$schema": DRAFT_7, "dependencies": {"a": {"required": ["b"]}}},
        {"dependentRequired": {"a": ["b"]}},
        "<<",
    ),
    (
        {"$schema": DRAFT_7, "dependencies": {"a": ["b"]}},
        {"$schema": DRAFT_7, "dependencies": {"a": ["b", "c"]}},
        "x<",
    ),
    ({"$schema": DRAFT_7, "dependentRequired": {"a": ["b"]}}, {}, "<<"),
    (
        {"dependencies": {"a": ["b"]}, **opened(c=INTEGER)},
        {"dependencies": {"a": ["b"]}, **opened(c=NUMBER)},
        "<x",
    ),
    # Since 2019-09 a validator may ignore `dependencies` or apply it.
    ({"dependencies": {"a": ["b"]}}, {}, "<?"),
    (
        {"$schema": DRAFT_4, "minimum": 1, "exclusiveMinimum": True, "type": "number"},
        {"type": "number", "exclusiveMinimum": 1},
        "<<",
    ),
    (
        {"$schema": DRAFT_4, "minimum": 1, "exclusiveMinimum": False, "type": "number"},
        {"type": "number", "minimum": 1},
        "<<",
    ),
    ({"$schema": DRAFT_4, "const": 1}, {"$schema": DRAFT_4}, "<<"),
    ({"$schema": DRAFT_6, "const": 1}, {"const": 1}, "<<"),
    ({"$schema": DRAFT_6, "if": STRING, "then": False}, {}, "<<"),
    ({"$schema": DRAFT_7, "if": STRING, "then": False}, {"not": STRING}, "<<"),
    (
        {
            "$schema": DRAFT_4,
            "id": "https://x.example/",
            "definitions": {"A": INTEGER},
            "$ref": "#/definitions/A",
        },
        {"$schema": DRAFT_4, "type": "number"},
        "<x",
    ),
    ({"$schema": DRAFT_2020, "type": "integer"}, {"$schema": DRAFT_7, "type": "number"}, "<x"),
    # Draft 4 calls 1 and 1.0 equal, but only the first an integer.
    ({"$schema": DRAFT_4, "enum": [[1]]}, {"$schema": DRAFT_4, "items": INTEGER}, "xx"),
    (
        {"$schema": DRAFT_4, "enum": [{"a": [1, "b"]}]},
        {"$schema": DRAFT_4, **opened(a={"items": NUMBER})},
        "xx",
    ),
    ({"$schema": DRAFT_4, "enum": [[1, "b"]]}, {"$schema": DRAFT_4, "items": {"enum": [1, "b"]}}, "<x"),
    ({"$schema": DRAFT_4, "enum": [list(range(9))]}, {"$schema": DRAFT_4, "items": INTEGER}, "?x"),
    # A part may name the draft of the whole.
    (
        {"$schema": DRAFT_7, **opened(a={"$schema": DRAFT_7, **INTEGER})},
        {"$schema": DRAFT_7, **opened(a=NUMBER)},
        "<x",
    ),
    ({"$schema": DRAFT_7, **opened(a={"$schema": DRAFT_4, **INTEGER})}, {"$schema": DRAFT_7}, "<x"),
]


@pytest.mark.parametrize("row", CONNECTIVES + REFERENCES + DRAFTS, ids=str)
def test_connectives_references_and_drafts_are_compared_exactly(row: Row) -> None:
    check_row(row)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ({"items": [STRING, INTEGER], "additionalItems": False}, {"items": [STRING, NUMBER]}, "included"),
        (
            {"items": [STRING, INTEGER]},
            {"items": [STRING, INTEGER], "additionalItems": False},
            "not-included",
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}, "included"),
        ({"exclusiveMinimum": 1}, {"minimum": 1, "exclusiveMinimum": True}, "included"),
        ({"minimum": 1, "exclusiveMinimum": False}, {"exclusiveMinimum": 1}, "not-included"),
    ],
    ids=str,
)
def test_without_a_draft_keywords_of_an_older_form_tell_which_it_is(old: Any, new: Any, verdict: str) -> None:
    assert compare_schemas(old, new).verdict == verdict


def test_what_looks_like_a_named_schema_under_an_unknown_keyword_has_no_name() -> None:
    named = {"$id": "https://x.example/a"}
    schema = {
        "$ref": "https://x.example/a",
        "$defs": {"a": {**named, **STRING}, "b": {"not": {"x-parts": [{**named, **INTEGER}]}}},
    }
    assert compare_schemas(schema, STRING).verdict == compare_schemas(STRING, schema).verdict == "included"
