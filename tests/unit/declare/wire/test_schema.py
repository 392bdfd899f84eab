"""The schema that a spec gives for a type accepts a JSON value exactly when the worker's decoding does."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from taskcontract.model.checks import CHECKS
from tests.unit.declare.wire.catalogue import CATALOGUE
from tests.unit.declare.wire.pool import CODECS, POOL, takes


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_schema_is_the_decoder(name: str) -> None:
    schema = CODECS[name].schema("read")
    accepts = jsonschema_rs.Draft202012Validator(schema).is_valid
    disagree = [value for value in POOL if accepts(value) is not takes(CODECS[name], value)]
    if CHECKS in json.dumps(schema):
        # Code may refuse more than the schema shows, never less.
        disagree = [value for value in disagree if takes(CODECS[name], value)]
    assert disagree == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_is_encoded_is_read_and_fits_both_schemas(name: str) -> None:
    codec = CODECS[name]
    validators = [jsonschema_rs.Draft202012Validator(codec.schema(mode)) for mode in ("read", "write")]
    for value in CATALOGUE[name][1]:
        encoded = codec.encode(codec.check(value))
        assert all(validator.is_valid(encoded) for validator in validators)
        decoded = codec.decode(encoded)
        assert name == "base64" or decoded == value  # its values are the decoded form of what is passed


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("date", {"type": "string", "format": "date"}),
        ("uuid", {"type": "string", "format": "uuid"}),
        ("dict-uuid", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("model-closed", {"title": "Closed", "additionalProperties": False}),
        ("enum-str", {"title": "Colour", "enum": ["red", "blue"]}),
        ("secret", {"type": "string", "format": "password"}),
        ("generic", {"title": "Box[int]"}),
    ],
)
def test_a_schema_says_what_readers_look_for(name: str, part: dict[str, Any]) -> None:
    schema = CODECS[name].schema("read")
    assert isinstance(schema, dict)
    assert {key: schema.get(key) for key in part} == part


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("checked-after", "short"),
        ("checked-before", "stripped"),
        ("past-date", "a date in the past"),
        ("str-python-pattern", "pattern"),
        ("model-whole", "Whole.in_order"),
        ("model-choices", "aliases of Choosy.at"),
    ],
)
def test_a_check_that_only_code_knows_is_named(name: str, check: str) -> None:
    schema = CODECS[name].schema("read")
    assert isinstance(schema, dict)
    assert list(schema[CHECKS]) == [check]
