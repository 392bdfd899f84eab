"""Rewrites that change nothing: names of definitions, order of properties, a reference or what it names."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from taskcontract.diff.schemas import compare_schemas
from taskcontract.errors import SpecError
from tests.support.pydantic_schemas import FAMILIES, make_pydantic_pair, render_type
from tests.support.schema_pairs import SchemaMaker

TYPES = [kind for family in FAMILIES for kind in family]


def rename_definitions(schema: Any) -> Any:
    text = json.dumps(schema)
    for name in schema.get("$defs", {}) if isinstance(schema, dict) else ():
        text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{name}Renamed"').replace(
            f'"{name}": ', f'"{name}Renamed": '
        )
    return json.loads(text)


def reverse_members(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: reverse_members(member) for name, member in reversed(schema.items())}
    return [reverse_members(item) for item in schema] if isinstance(schema, list) else schema


def expand_references(schema: Any, root: Any, depth: int = 3) -> Any:
    """The same schema with every reference replaced by what it names, some levels deep."""
    if isinstance(schema, list):
        return [expand_references(item, root, depth) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and depth:
        target = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        rest = {name: member for name, member in schema.items() if name != "$ref"}
        return {**rest, "allOf": [expand_references(target, root, depth - 1)]}
    return {
        name: member if name in ("$defs", "const", "enum") else expand_references(member, root, depth)
        for name, member in schema.items()
    }


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_pydantic_type_stays_the_same_however_it_is_written(kind: Any) -> None:
    schema = render_type(kind)

    for twin in (
        schema,
        rename_definitions(schema),
        reverse_members(schema),
        expand_references(schema, schema),
    ):
        assert compare_schemas(schema, twin).verdict == "included"
        assert compare_schemas(twin, schema).verdict == "included"


@pytest.mark.slow
def test_the_verdict_does_not_depend_on_how_a_schema_is_written() -> None:
    rng = random.Random(3)
    for _ in range(120):
        old, new = make_pydantic_pair(rng)
        verdict = compare_schemas(old, new).verdict
        for write in (rename_definitions, reverse_members, lambda schema: expand_references(schema, schema)):
            assert compare_schemas(write(old), new).verdict == verdict, (old, new)
            assert compare_schemas(old, write(new)).verdict == verdict, (old, new)


def test_every_schema_includes_itself_and_is_included_in_what_it_is_a_part_of() -> None:
    rng = random.Random(4)
    compared = 0
    for _ in range(300):
        schema = SchemaMaker(rng).make_root()
        try:
            wrapped = compare_schemas(
                schema,
                {"anyOf": [{"type": "null"}, {"allOf": [schema]}], "$defs": schema.get("$defs", {})}
                if isinstance(schema, dict)
                else True,
            )
            twin = compare_schemas(schema, reverse_members(schema))
        except SpecError:
            continue
        compared += 1
        assert twin.verdict == "included"
        assert wrapped.verdict == "included"

    assert compared > 250
