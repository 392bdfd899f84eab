"""The schema that a spec gives for an error's fields: it accepts what really travels of each kind."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from taskcontract.declare.failures.fields import schema_of_error
from taskcontract.declare.failures.form import write_error
from taskcontract.model.canonical import parse_json
from taskcontract.model.spec_file import dump_spec, read_spec
from tests.support.failing_bindings import KINDS, failing, lose


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_that_travel_are_valid(kind: str) -> None:
    form, schemas = write_error(KINDS[kind](), lose.errors), lose.spec().error_fields
    assert list(Draft202012Validator(schemas[str(form["errors"][0])]).iter_errors(form["fields"])) == []


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("plain", []),
        ("made text", ["port"]),
        ("keywords", ["code", "colour"]),
        ("silent", ["card", "item"]),
        ("dataclass", ["amounts", "at"]),
        ("attrs keywords", ["took"]),
        ("later", ["code", "seen"]),
        ("property", ["code"]),
        ("inherited", ["host", "port"]),
        ("untyped", []),
        ("enum in args", []),
        ("built in", []),
    ],
)
def test_annotated_fields_are_promised(kind: str, fields: list[str]) -> None:
    schema = schema_of_error(type(KINDS[kind]()))
    assert isinstance(schema, dict)
    assert schema.get("required", []) == fields


def test_a_spec_file_keeps_them() -> None:
    spec = failing.spec()
    assert read_spec(parse_json(dump_spec(spec), where="x"), file="x") == spec
    assert spec.tasks[0].error_fields
