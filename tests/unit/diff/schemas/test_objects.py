"""Objects: open and closed, required and optional, names and sizes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.schema_tables import Row, check_row, closed, opened

INTEGER, NUMBER, STRING = ({"type": name} for name in ("integer", "number", "string"))


def thing(**keywords: Any) -> dict[str, Any]:
    return {"type": "object", **keywords}


ROWS: list[Row] = [
    # Fields come and go.
    (opened(a=STRING), opened(a=STRING, b=STRING), "x<"),
    (opened(a=STRING), opened(a=STRING, b={}), "<<"),
    (closed(a=STRING), closed(a=STRING, b=STRING), "<x"),
    (closed(a=STRING), closed(a=STRING, b=False), "<<"),
    (closed(a=STRING), opened(a=STRING), "<x"),
    (closed(a=STRING), opened(a=STRING, b=INTEGER), "<x"),
    (closed(a=STRING), opened(b=INTEGER), "<x"),
    (opened("a", a=STRING), opened(a=STRING), "<x"),
    (opened("a", a=STRING), opened("a", "b", a=STRING, b=STRING), "x<"),
    (opened("a"), opened("b"), "xx"),
    ({**closed(a=STRING, b=STRING), "required": ["a"]}, {**closed(a=STRING), "required": ["a"]}, "x<"),
    (opened(a=STRING), opened(a={"type": "string", "default": "x"}), "<<"),
    ({**closed(a=STRING), "required": ["b"]}, False, "<<"),
    (opened("a", a=False), False, "<<"),
    (opened(a=False), opened(a=STRING), "<x"),
    # Their values.
    (opened(a=INTEGER), opened(a=NUMBER), "<x"),
    (opened(a=opened(b=INTEGER)), opened(a=opened(b=NUMBER)), "<x"),
    (opened(a={"type": ["string", "null"]}), opened(a=STRING), "x<"),
    (opened(a={"enum": ["x", "y"]}), opened(a={"enum": ["x"]}), "x<"),
    ({"properties": {"a": STRING}}, opened(a=STRING), "x<"),
    # The rest of the properties.
    (thing(), thing(additionalProperties=True), "<<"),
    (thing(additionalProperties=INTEGER), thing(additionalProperties=NUMBER), "<x"),
    (thing(additionalProperties=INTEGER), thing(additionalProperties=False), "x<"),
    (thing(additionalProperties=STRING), opened(a=STRING), "<x"),
    (thing(properties={"a": INTEGER}, additionalProperties=STRING), thing(additionalProperties=STRING), "xx"),
    (thing(properties={"a": STRING}, additionalProperties=STRING), thing(additionalProperties=STRING), "<<"),
    (thing(additionalProperties=False), {"const": {}}, "<<"),
    # Properties by pattern.
    (thing(patternProperties={"^a": INTEGER}), thing(patternProperties={"^ab": INTEGER}), "<x"),
    (thing(patternProperties={"^a": INTEGER}), thing(patternProperties={"^a": NUMBER}), "<x"),
    (thing(patternProperties={"^a": INTEGER}), opened(ab=INTEGER), "<x"),
    (thing(patternProperties={"": INTEGER}), thing(additionalProperties=INTEGER), "<<"),
    (
        thing(patternProperties={"^a": {}}, additionalProperties=False),
        thing(propertyNames={"pattern": "^a"}),
        "<<",
    ),
    (
        thing(patternProperties={"^a": STRING, "^b": STRING}, additionalProperties=False),
        thing(patternProperties={"^(a|b)": STRING}, additionalProperties=False),
        "<<",
    ),
    (
        thing(patternProperties={"^a": INTEGER, "b$": STRING}),
        thing(patternProperties={"^a.*b$": False}),
        "<x",
    ),
    (thing(patternProperties={"^a": INTEGER, "^ab": STRING}), thing(patternProperties={"^ab": False}), "<x"),
    (thing(patternProperties={"(a)\\1": INTEGER}), thing(patternProperties={"(a)\\1": NUMBER}), "<?"),
    # Names and sizes.
    (thing(propertyNames={"maxLength": 3}), thing(propertyNames={"maxLength": 2}), "x<"),
    (thing(propertyNames={"enum": ["a", "b"]}), closed(a={}, b={}), "<<"),
    (thing(propertyNames={"enum": ["a", "b"]}), thing(maxProperties=2), "<x"),
    (thing(propertyNames=False), thing(maxProperties=0), "<<"),
    (thing(propertyNames={"pattern": "^a"}), opened(b=False), "<x"),
    (thing(minProperties=1), thing(minProperties=2), "x<"),
    (thing(maxProperties=1), thing(maxProperties=2), "<x"),
    (thing(minProperties=2, maxProperties=1), False, "<<"),
    (thing(minProperties=300), thing(minProperties=301, properties={"p1": {}}), "x<"),
    ({**closed(a={}, b={}), "minProperties": 2}, {**closed(a={}, b={}), "required": ["a", "b"]}, "<<"),
    ({**closed(a={}, b={}), "minProperties": 1}, {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, "<x"),
    (opened("a", "b"), thing(minProperties=2), "<x"),
    (thing(required=["a", "b"], maxProperties=2), closed(a={}, b={}), "<x"),
    # Several properties are needed, and one of them can have one name only.
    (
        thing(propertyNames={"maxLength": 1}),
        {"anyOf": [{"patternProperties": {"^a$": {"const": 1}}}, {"additionalProperties": {"const": 2}}]},
        "xx",
    ),
    (
        thing(propertyNames={"maxLength": 1}, minProperties=1),
        {
            "anyOf": [
                {"patternProperties": {"^a$": {"enum": ["s", 2]}}},
                {"additionalProperties": {"not": {"const": "s"}}},
                {"required": ["x"]},
            ]
        },
        "xx",
    ),
    (
        thing(propertyNames={"maxLength": 1}),
        {
            "anyOf": [
                {"propertyNames": {"const": "b"}},
                {"patternProperties": {"a": {"type": "null"}}},
                {"patternProperties": {"": {"not": {"const": None}}}},
            ]
        },
        "xx",
    ),
    (
        thing(propertyNames={"enum": ["x", "y"]}, maxProperties=1),
        {
            "anyOf": [
                {"additionalProperties": {"not": {"const": 1}}},
                {"patternProperties": {"^x$": {"not": {"const": 2}}}},
            ]
        },
        "<x",
    ),
    # One property asks for another.
    (thing(dependentRequired={"a": ["b"]}), thing(dependentRequired={"a": ["b", "c"]}), "x<"),
    (thing(dependentRequired={"a": []}), thing(), "<<"),
    (thing(dependentRequired={"a": ["b"]}), thing(), "<x"),
    (thing(required=["a"], dependentRequired={"a": ["b"]}), opened("a", "b"), "<<"),
    (thing(dependentSchemas={"a": {"required": ["b"]}}), thing(dependentRequired={"a": ["b"]}), "<<"),
    (thing(dependentSchemas={"a": False}), opened(a=False), "<<"),
    (thing(dependentSchemas={"a": opened(b=INTEGER)}), thing(dependentSchemas={"a": opened(b=NUMBER)}), "<x"),
    # What nothing else has looked at.
    (thing(properties={"a": STRING}, unevaluatedProperties=False), closed(a=STRING), "<<"),
    (thing(allOf=[{"properties": {"a": STRING}}], unevaluatedProperties=False), closed(a=STRING), "<<"),
    (thing(allOf=[{"properties": {"a": STRING}}], additionalProperties=False), thing(maxProperties=0), "<<"),
    (
        thing(anyOf=[opened("a", a={}), opened("b", b={})], unevaluatedProperties=False),
        closed(a={}, b={}),
        "<x",
    ),
    (
        {
            "type": "object",
            "if": opened("k", k={"const": 1}),
            "then": {"properties": {"a": {}}},
            "else": {"properties": {"b": {}}},
            "unevaluatedProperties": False,
        },
        closed(k={}, a={}, b={}),
        "<x",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_objects_are_compared_exactly(row: Row) -> None:
    check_row(row)
