"""Schemas that are none: an error that says what is wrong, where, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.diff.schemas import compare_schemas
from taskcontract.errors import SpecError

ITSELF: dict[str, Any] = {}
ITSELF["properties"] = {"a": ITSELF}


def nest(levels: int) -> Any:
    schema: Any = {}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


ROWS: list[tuple[Any, str]] = [
    (12, "$"),
    ("string", "$"),
    (None, "$"),
    ([], "$"),
    ({"type": 12}, "$.type"),
    ({"type": "text"}, "$.type"),
    ({"type": []}, "$.type"),
    ({"type": ["string", "string"]}, "$.type"),
    ({"enum": "a"}, "$.enum"),
    ({"required": "a"}, "$.required"),
    ({"required": [1]}, "$.required"),
    ({"required": ["a", "a"]}, "$.required"),
    ({"properties": []}, "$.properties"),
    ({"properties": {"a": {"type": 1}}}, "$.properties.a.type"),
    ({"properties": {"a b": {"minimum": "1"}}}, "$.properties['a b'].minimum"),
    ({"minimum": True}, "$.minimum"),
    ({"minimum": float("nan")}, "$.minimum"),
    ({"enum": [1, float("inf")]}, "$.enum[1]"),
    ({"enum": {1, 2}}, "$.enum"),
    ({"minLength": -1}, "$.minLength"),
    ({"minLength": 1.5}, "$.minLength"),
    ({"multipleOf": 0}, "$.multipleOf"),
    ({"uniqueItems": 1}, "$.uniqueItems"),
    ({"pattern": "(a"}, "$.pattern"),
    ({"pattern": "[z-a]"}, "$.pattern"),
    ({"pattern": "*a"}, "$.pattern"),
    ({"pattern": "a{3,1}"}, "$.pattern"),
    ({"pattern": 1}, "$.pattern"),
    ({"patternProperties": {"[a": {}}}, "$.patternProperties['[a']"),
    ({"items": "x"}, "$.items"),
    ({"then": 1}, "$.then"),
    ({"else": {"type": "text"}}, "$.else.type"),
    ({"minContains": -1}, "$.minContains"),
    ({"maxContains": "1"}, "$.maxContains"),
    ({"$id": 1}, "$.$id"),
    ({"$anchor": 1}, "$.$anchor"),
    ({"$defs": []}, "$.$defs"),
    ({"prefixItems": {}}, "$.prefixItems"),
    ({"allOf": []}, "$.allOf"),
    ({"anyOf": {}}, "$.anyOf"),
    ({"anyOf": [1]}, "$.anyOf[0]"),
    ({"not": []}, "$.not"),
    ({"$ref": 1}, "$.$ref"),
    ({"$ref": "#/$defs/Missing"}, "$.$ref"),
    ({"$ref": "#missing"}, "$.$ref"),
    ({"$ref": "#"}, "$.$ref"),
    ({"$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}]}}}, "$.$defs.A"),
    (
        {"$defs": {"A": {"not": {"$ref": "#/$defs/B"}}, "B": {"$ref": "#/$defs/A"}}, "$ref": "#/$defs/A"},
        "$.$defs.A",
    ),
    ({"$defs": {"unused": {"type": 1}}}, "$.$defs.unused.type"),
    ({"$schema": 7}, "$.$schema"),
    ({"dependentRequired": {"a": "b"}}, "$.dependentRequired.a"),
    (nest(10_000), "$"),
    (ITSELF, "$.properties.a"),
]


@pytest.mark.parametrize(("schema", "place"), ROWS, ids=[place for _, place in ROWS])
def test_an_invalid_schema_is_refused_on_either_side(schema: Any, place: str) -> None:
    for old, new in ((schema, {}), ({}, schema), (schema, schema)):
        with pytest.raises(SpecError) as caught:
            compare_schemas(old, new)
        assert caught.value.where == place
        assert caught.value.what
        assert caught.value.do


def test_a_dialect_that_is_not_known_is_undecided() -> None:
    own = {"$schema": "https://example.org/own", "type": "string"}

    assert compare_schemas(own, {"type": "string"}).verdict == "undecided"
    assert compare_schemas(own, dict(own)).verdict == "included"
