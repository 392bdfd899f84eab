"""The documents of JSON Schema 2020-12, against its meta-schema and another validator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from taskcontract.export.json_schema import DIALECT, bundle_schemas, write_task_schema
from taskcontract.model.canonical import dump_canonical
from taskcontract.model.expressions import write_expression
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.spec_file import dump_spec, load_spec, read_spec
from tests.support.specs import make_task

PUSHER = load_spec(Path(__file__).parents[3] / "contracts/pusher/2.0.0.json")
EMBED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


def write(*parameters: ParameterSpec, **facts: Any) -> dict[str, Any]:
    task = TaskSpec("send", "1.0.0", "shop.send", parameters, **facts)
    document = write_task_schema(ServiceSpec("shop", "1.0.0", (task,)), task)
    jsonschema_rs.meta.validate(document)
    return document


def test_a_document_is_the_schema_of_the_body_and_has_the_other_parts_by_name() -> None:
    old, new = PUSHER.tasks
    document = write_task_schema(PUSHER, new)
    jsonschema_rs.meta.validate(document)
    assert (document["$schema"], document["$id"]) == (DIALECT, "urn:taskcontract:pusher:send_to_s3:2.0.0")
    validator = Draft202012Validator(document)
    assert validator.is_valid([["k", "c", {}], {}, EMBED])
    assert not validator.is_valid([["k", "c"], {}, EMBED])
    stored = {"url": "s3://b/k", "etag": "x", "size": 3}
    for part, right, wrong in (
        ("result", stored, {**stored, "size": "3"}),
        ("error.StorageRefusedError", {"code": "a", "url": "b"}, {"code": "a"}),
        ("headers", {"task": "pusher.send_to_s3_v2", "id": "1"}, {"task": "pusher.send_to_s3", "id": "1"}),
        ("parameter.meta", {"a": "b"}, {"a": 1}),
        ("outcome", {"status": "SUCCESS", "result": stored}, {"status": "SUCCESS", "result": 1}),
    ):
        of_part = Draft202012Validator({**document, "$ref": f"#/$defs/{part}"})
        assert of_part.is_valid(right), part
        assert not of_part.is_valid(wrong), part
    assert write_task_schema(PUSHER, old)["deprecated"] is True


def test_a_bundle_has_each_task_by_its_id() -> None:
    bundle = bundle_schemas(PUSHER)
    jsonschema_rs.meta.validate(bundle)
    registry: Any = Registry().with_resource(bundle["$id"], DRAFT202012.create_resource(bundle)).crawl()
    for task, args in zip(PUSHER.tasks, (["k", "c"], ["k", "c", {}]), strict=True):
        uri = write_task_schema(PUSHER, task)["$id"]
        validator = Draft202012Validator({"$ref": uri}, registry=registry)
        assert validator.is_valid([args, {}, EMBED])
        assert not validator.is_valid([[*args, 1], {}, EMBED])
    again = read_spec(json.loads(dump_spec(PUSHER)), file="again")
    assert dump_canonical(bundle_schemas(again)) == dump_canonical(bundle)


def test_of_a_secret_nothing_is_shown_that_could_be_its_value() -> None:
    schema: Any = {"type": "string", "default": "hush", "examples": ["hush"], "anyOf": [{"default": "hush"}]}
    document = write(ParameterSpec("token", schema=schema, default="hush", secret=True))
    assert "hush" not in json.dumps(document)
    assert document["$defs"]["parameter.token"]["x-secret"] is True


@pytest.mark.parametrize(
    ("schema", "default", "expected"),
    [
        ({"type": "integer"}, 3, {"type": "integer", "default": 3}),
        (True, None, {"default": None}),
        (False, 1, {"not": {}, "default": 1}),
        (True, write_expression("settings.SIZE"), {"x-default": "settings.SIZE"}),
    ],
)
def test_a_default_is_a_note(schema: Any, default: Any, expected: Any) -> None:
    document = write(ParameterSpec("a", schema=schema, default=default))
    assert document["$defs"]["parameter.a"] == expected


def test_no_result_is_spoken_of_where_nobody_keeps_it() -> None:
    assert not {"result", "outcome"} & write(options={"ignore_result": True})["$defs"].keys()
    assert {"result", "outcome"} <= write()["$defs"].keys()


def test_a_plain_task_says_that_nobody_checks() -> None:
    task = make_task("send", "a", enforced=False)
    document = write_task_schema(ServiceSpec("shop", "", (task,)), task, {"send"})
    assert (document["x-enforced"], document["x-unknown-signature"]) == (False, True)
