"""Schemas of specs inside a document: any that a spec may hold."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from taskcontract.export.asyncapi import write_asyncapi
from taskcontract.export.json_schema import write_task_schema
from taskcontract.model.schema_form import find_schema_fault
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from tests.support.asyncapi import accepts, find_faults

EMBED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
NODE: Any = {"type": "object", "properties": {"next": {"$ref": "#/$defs/a~1b%25"}}, "required": ["v"]}

CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    # a schema, what it takes, what it refuses
    "true": (True, [1, None], []),
    "false": (False, [], [1, None]),
    "a reference to itself": (
        {"type": "array", "items": {"$ref": "#"}},
        [[], [[[]]]],
        [[1], [[[1]]]],
    ),
    "an escaped name": (
        {"$defs": {"a/b%": NODE}, "$ref": "#/$defs/a~1b%25"},
        [{"v": 1, "next": {"v": 2}}],
        [{"v": 1, "next": {}}],
    ),
    "a reference beside other keywords": (
        {"$defs": {"A": {"type": "string"}}, "$ref": "#/$defs/A", "maxLength": 2},
        ["ab"],
        ["abc", 1],
    ),
    "a tuple": (
        {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}},
        [[1, "a"]],
        [["a"], [1, 2]],
    ),
    "a closed tuple": ({"prefixItems": [True], "items": False}, [[1]], [[1, 2]]),
    "a tuple of draft 7": (
        {"items": [{"type": "integer"}], "additionalItems": {"type": "string"}},
        [[1, "a"]],
        [["a"], [1, 2]],
    ),
    "dependent": (
        {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"required": ["c"]}}},
        [{}, {"a": 1, "b": 1, "c": 1}],
        [{"a": 1}, {"b": 1}],
    ),
    "conditions": (
        {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"const": 5}},
        ["ab", 5],
        ["a", 6],
    ),
    "members": (
        {
            "patternProperties": {"^x": {"type": "integer"}},
            "propertyNames": {"maxLength": 2},
            "additionalProperties": {"type": "null"},
            "minProperties": 1,
        },
        [{"xa": 1}, {"a": None}],
        [{}, {"xa": "1"}, {"a": 1}, {"xaa": 1}],
    ),
    "a member called $ref": (
        {
            "properties": {"$ref": {"type": "integer"}, "a": True},
            "additionalProperties": False,
            "dependentRequired": {"$ref": ["a"]},
        },
        [{"$ref": 1, "a": 2}, {"a": 1}],
        [{"$ref": "x", "a": 2}, {"$ref": 1}, {"b": 1}],
    ),
    "items": ({"contains": {"const": 1}, "uniqueItems": True}, [[1, 2]], [[2], [1, 1]]),
    "not, oneOf": ({"not": {"const": 1}, "oneOf": [{"type": "integer"}, {"minimum": 5}]}, [2, 5.5], [1, 6]),
    "no alternative": ({"anyOf": []}, [], [1, None]),
    "no alternative beside others": ({"oneOf": [], "allOf": [{"type": "string"}]}, [], ["a"]),
    "no type": ({"type": []}, [], [1]),
    "nothing asked": ({"allOf": [], "prefixItems": []}, [1, []], []),
    "said twice": ({"type": ["integer", "integer"], "required": ["a", "a"]}, [1], ["a"]),
    "notes of other types": (
        {"title": 5, "description": [], "examples": 1, "deprecated": "no", "$comment": {}, "type": "string"},
        ["a"],
        [1],
    ),
    "keywords of others": (
        {
            "discriminator": {"propertyName": "k"},
            "externalDocs": 1,
            "schema": {"type": "no"},
            "type": "string",
        },
        ["a"],
        [1],
    ),
    "a document of its own": (
        {"$id": "https://example.org/a", "$defs": {"A": {"type": "string"}}, "$ref": "#/$defs/A"},
        ["a"],
        [1],
    ),
    "an anchor": ({"$defs": {"A": {"$anchor": "here", "type": "string"}}, "$ref": "#here"}, ["a"], [1]),
    "another draft": (
        {"$schema": DRAFT_7, "items": [{"type": "integer"}], "additionalItems": False},
        [[1]],
        [[1, 2], ["a"]],
    ),
    "counted items": ({"contains": {"const": 1}, "minContains": 2}, [[1, 1]], [[1]]),
    "what nothing else looked at": (
        {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False},
        [{"a": 1}],
        [{"b": 1}],
    ),
    "a check of code": (
        {"x-checks": {"f": "0"}, "x-inner": {"$defs": {"A": {}}, "$ref": "#/$defs/A"}, "type": "string"},
        ["a"],
        [1],
    ),
}
BEYOND = {
    "a document of its own",
    "an anchor",
    "another draft",
    "counted items",
    "what nothing else looked at",
}
"""Where draft 7 has no words: there a document may take more, and says so."""


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", ["positional-or-keyword", "var-positional", "var-keyword"])
def test_a_schema_means_inside_a_document_what_it_means_alone(name: str, kind: Any) -> None:
    schema, right, wrong = CASES[name]
    assert find_schema_fault(schema) is None
    task = TaskSpec("send", "1.0.0", "shop.send", (ParameterSpec("a/b", kind, schema),), result=schema)
    spec = ServiceSpec("shop", "1.0.0", (task,))
    document, asyncapi = write_task_schema(spec, task), write_asyncapi(spec)
    if name != "another draft":  # whose meta-schema is another
        jsonschema_rs.meta.validate(document)
    assert find_faults(asyncapi) == []
    exact, by_asyncapi = jsonschema_rs.Draft202012Validator(document).is_valid, accepts(asyncapi, "shop.send")

    def call(value: Any) -> Any:
        return (
            [[], {"any" if kind == "var-keyword" else "a/b": value}, EMBED]
            if kind != "var-positional"
            else [[value], {}, EMBED]
        )

    assert [exact(call(value)) for value in right] == [True] * len(right)
    assert [exact(call(value)) for value in wrong] == [False] * len(wrong)
    assert [by_asyncapi(call(value)) for value in right] == [True] * len(right)
    assert [by_asyncapi(call(value)) for value in wrong] == [name in BEYOND] * len(wrong)
    said = asyncapi["components"]["schemas"]["shop.send.parameter.a--2f-b"]
    assert (isinstance(said, dict) and "x-not-said" in said) is (name in BEYOND)


def test_many_definitions_are_written_in_a_moment() -> None:
    levels = {
        f"L{at}": {"type": "object", "properties": {"a": {"$ref": f"#/$defs/L{at + 1}"}}}
        for at in range(3_000)
    }
    schema: Any = {"$defs": {**levels, "L3000": {"type": "integer"}}, "$ref": "#/$defs/L2500"}
    task = TaskSpec("send", "1.0.0", "shop.send", (ParameterSpec("a", schema=schema),))
    document = write_asyncapi(ServiceSpec("shop", "1.0.0", (task,)))
    assert find_faults(document) == []
    assert "L3000" in document["components"]["schemas"]
