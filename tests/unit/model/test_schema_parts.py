"""A keyword is one where a schema stands, and no name of a property, nor anything inside of data."""

from __future__ import annotations

from dataclasses import make_dataclass
from keyword import iskeyword
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator

from taskcontract.declare.codec import Codec
from taskcontract.declare.examples import with_examples
from taskcontract.diff.walker.engine import assert_formats
from taskcontract.model.forms import FORMS
from taskcontract.model.schema_parts import BY_NAME, DATA, LISTS, ONE, SCHEMAS, change_parts

KEYWORDS = sorted(BY_NAME | DATA | SCHEMAS | {"format", "pattern", "required", "type", "x-checks", "x-inner"})
DATE = {"type": "string", "format": "date"}
ASSERTED = {**DATE, "pattern": FORMS["date"]}


@pytest.mark.parametrize(
    ("keyword", "around"),
    [
        *((keyword, lambda part: part) for keyword in sorted(ONE)),
        *((keyword, lambda part: [True, part]) for keyword in [*sorted(LISTS), "items"]),
        *((keyword, lambda part: dict.fromkeys(KEYWORDS, part)) for keyword in sorted(BY_NAME)),
    ],
)
def test_every_schema_inside_is_reached(keyword: str, around: Any) -> None:
    inside = {"anyOf": [{keyword: around(DATE)}]}
    assert assert_formats(inside) == {"anyOf": [{keyword: around(ASSERTED)}]}


@pytest.mark.parametrize("keyword", sorted(DATA))
def test_data_is_left_as_it_is(keyword: str) -> None:
    schema = {keyword: [{"properties": {"day": DATE}}], "type": "array"}
    assert assert_formats(schema) is schema


def test_a_schema_in_which_nothing_changes_is_the_same_object() -> None:
    schema: dict[str, Any] = {"properties": {"a": {"items": [DATE, True]}}, "not": {}, "allOf": [DATE]}
    assert change_parts(schema, lambda part: part) is schema


@pytest.mark.parametrize("name", [name for name in KEYWORDS if name.isidentifier() and not iskeyword(name)])
def test_a_field_may_be_called_as_a_keyword_is(name: str) -> None:
    codec = Codec(make_dataclass("Model", [(name, Annotated[str, AfterValidator(str.lower)])]))
    schema = with_examples(codec.schema("read"), codec)
    assert isinstance(schema, dict)
    assert schema["examples"]
