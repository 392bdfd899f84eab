"""Files that are no specs: each is refused with its file and its JSON path, in bounded time and memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import SpecError
from taskcontract.model import files
from taskcontract.model.canonical import parse_json
from taskcontract.model.spec_file import load_spec

if TYPE_CHECKING:
    from pathlib import Path


def spec_with(**changes: Any) -> dict[str, Any]:
    task = {
        "name": "send",
        "version": "1.0.0",
        "wire_name": "s.send",
        "parameters": [{"name": "key", "kind": "positional-or-keyword", "schema": {"type": "string"}}],
        "result": True,
        "serializer": "json",
    }
    return {"taskcontract": 2, "service": "s", "version": "1.0.0", "tasks": [task | changes]}


LOOP = {"A": {"anyOf": [True, {"$ref": "#/$defs/B"}]}, "B": {"not": {"$ref": "#/$defs/A"}}}


def parameter(name: str, kind: str = "positional-or-keyword", **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "schema": True} | more


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cut short"),
        ('{"taskcontract": 1', "cut short"),
        ("not json", "line 1"),
        ('{"a": [1, {"b": NaN}]}', "$.a[1].b: NaN"),
        ('{"a": -Infinity}', "$.a: -Infinity"),
        ('{"a": 1e999}', "$.a: 1e999"),
        ('{"a": [{"b": 1, "b": 2}]}', "$.a[0]: the key 'b'"),
        ('{"a": "\\ud800"}', "surrogate"),
        ("9" * 5000, "digits"),
        ("[" * 10_000 + "]" * 10_000, "levels deep"),
        ("[" * 300 + "]" * 300, "levels deep"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "levels deep"),
        ("[" + "[]," * 3_000_000 + "1]", "2,500,000 values"),
    ],
)
def test_doubtful_json_is_refused(text: str, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_json(text, where="x.json")
    assert str(caught.value).startswith("x.json: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ['"\\ud83d\\ude00"', "[" * 200 + "]" * 200, "1e308", '{"a": {"a": 1}}'])
def test_plain_json_is_read(text: str) -> None:
    assert parse_json(text, where="x.json") == json.loads(text)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ([], "written by taskcontract"),
        ({"openapi": "3.1.0"}, "written by taskcontract"),
        (spec_with() | {"taskcontract": 3}, "format 3"),
        (spec_with() | {"taskcontract": True}, "format True"),
        (spec_with() | {"tasks": {}}, "$.tasks: an array"),
        (spec_with() | {"version": "1.0"}, "$.version: '1.0'"),
        (spec_with(version="one"), "$.tasks[0].version"),
        (spec_with(name=None), "$.tasks[0].name: a string"),
        (spec_with(sunset="soon"), "$.tasks[0].sunset: a date"),
        (spec_with(deprecated="20270101"), "$.tasks[0].deprecated: a date"),
        (spec_with(parameters=[parameter("a"), parameter("a")]), "$.tasks[0].parameters[1]: two"),
        (spec_with(parameters=[parameter("a", "var-keyword"), parameter("b")]), "cannot follow"),
        (
            spec_with(parameters=[parameter("a", "var-positional"), parameter("b", "var-positional")]),
            "cannot",
        ),
        (spec_with(parameters=[parameter("a", default=1), parameter("b")]), "no default"),
        (spec_with(parameters=[parameter("a", "named")]), "$.tasks[0].parameters[0].kind: 'named'"),
        (spec_with(parameters=[parameter("a", schema=3)]), "$.tasks[0].parameters[0].schema"),
        (spec_with(result={"type": "strin"}), "$.tasks[0].result.type: type must be"),
        (spec_with(result={"items": {"minimum": "1"}}), "$.tasks[0].result.items.minimum"),
        (spec_with(result={"anyOf": [True, 3]}), "$.tasks[0].result.anyOf[1]"),
        (spec_with(result={"anyOf": {}}), "$.tasks[0].result.anyOf: anyOf must be an array"),
        (spec_with(result={"properties": []}), "properties: properties must be an object"),
        (
            spec_with(result={"properties": {"a": {"pattern": "("}}}),
            "a.pattern: this is not a regular",
        ),
        (spec_with(result={"pattern": 3}), "result.pattern: a pattern must be a string"),
        (spec_with(result={"patternProperties": {"*": True}}), "nothing to repeat"),
        (spec_with(result={"minLength": -1}), "minLength must be a whole number"),
        (spec_with(result={"required": [3]}), "required must be an array of names"),
        (spec_with(result={"multipleOf": 0}), "a number above 0"),
        (spec_with(result={"uniqueItems": "yes"}), "true or false"),
        (spec_with(result={"$ref": 3}), "$ref must be a string"),
        (spec_with(result={"$ref": "#/$defs/A"}), "leads nowhere"),
        (spec_with(result={"$ref": "#"}), "result.$ref: $ref '#' leads back to itself"),
        (spec_with(result={"items": {"$ref": "#/$defs/A"}, "$defs": LOOP}), "result.items.$ref: $ref"),
        (spec_with(result={"dependentRequired": {"a": 3}}), "arrays of names"),
    ],
)
def test_a_wrong_piece_is_named_with_its_path(tmp_path: Path, spec: Any, said: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load_spec(file)
    assert str(caught.value).startswith(str(file))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/A", "$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}},
        {"properties": {"next": {"$ref": "#"}}, "anyOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": {}}},
        {"$ref": "#/prefixItems/0", "prefixItems": [True]},
        {"$id": "https://x/", "$ref": "#/nowhere"},
        {"items": [True], "dependencies": {"a": ["b"], "c": {"type": "string"}}},
        {"pattern": r"^\p{L}+$", "x-unknown": object.__name__},
        {"pattern": "[^]*"},
        {"type": ["string", "null"], "minLength": 1.0, "additionalProperties": False},
    ],
)
def test_well_formed_schemas_are_taken(tmp_path: Path, schema: Any) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(spec_with(result=schema)), encoding="utf-8")
    assert load_spec(file).tasks[0].result == schema


def test_two_tasks_with_one_wire_name_are_refused(tmp_path: Path) -> None:
    spec = spec_with()
    spec["tasks"].append(spec["tasks"][0] | {"name": "other"})
    file = tmp_path / "x.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    with pytest.raises(SpecError, match=r"\$\.tasks: two tasks have the wire name 's.send'"):
        load_spec(file)


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    file = tmp_path / "x.json"
    file.write_text("[" + " " * 10 + "]", encoding="utf-8")
    with pytest.raises(SpecError, match="more than"):
        load_spec(file)


def test_a_device_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1000)
    with pytest.raises(SpecError, match="/dev/zero: this file has more"):
        load_spec("/dev/zero")
