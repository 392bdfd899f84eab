"""JSON Schemas (2020-12) of a service's messages: one document for each version of each task.

A document is the schema of the body of a call. Its `$defs` hold the parts: `headers`, `result`, `error.NAME`
for each declared error, `outcome` for the record in the result backend, `parameter.NAME`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.export.body import name_carried, name_parameter, write_body
from taskcontract.export.celery_forms import EMBED, SIGNATURE, write_failure, write_headers, write_success
from taskcontract.export.embedding import embed
from taskcontract.model.expressions import expression_of
from taskcontract.model.ids import escape_id
from taskcontract.model.pointers import spell_reference
from taskcontract.model.schema_parts import change_parts
from taskcontract.model.service import MISSING

if TYPE_CHECKING:
    from collections.abc import Collection

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec

__all__ = ["DIALECT", "bundle_schemas", "name_document", "promises_result", "write_task_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def bundle_schemas(spec: ServiceSpec, unknown: Collection[str] = frozenset()) -> dict[str, Json]:
    """Return one document with those of all tasks: under `$defs`, each by its `$id`.

    `unknown` names the tasks whose signatures are not known; they take any call.
    """
    documents = {}
    for task in spec.tasks:
        document = write_task_schema(spec, task, unknown)
        del document["$schema"]
        documents[task.id] = document
    bundle: dict[str, Json] = {"$schema": DIALECT, "$id": _name(spec.name, spec.version), "title": spec.name}
    return {**bundle, "$defs": documents} if documents else bundle


def write_task_schema(
    spec: ServiceSpec, task: TaskSpec, unknown: Collection[str] = frozenset()
) -> dict[str, Json]:
    """Return the document of one version of a task of `spec`."""
    uri = name_document(spec, task)
    parts: dict[str, Json] = {
        "body": write_body(task.parameters, [each for each in spec.carries if each.place == "keyword"]),
        "embed": EMBED,
        "signature": SIGNATURE,
    }
    for parameter in task.parameters:
        parts[name_parameter(parameter.name)] = _describe(parameter)
    for each in spec.carries:
        parts[name_carried(each.name)] = each.schema
    for error, fields in task.error_fields.items():
        parts[f"error.{error}"] = fields
    if promises_result(task):
        parts["result"] = task.result
    defs = {
        name: embed(part, spell_reference("$defs", name), f"{uri}:{escape_id(name)}")
        for name, part in parts.items()
    }
    # What refers to these stands where it is written already.
    defs.update(body=parts["body"], embed=EMBED, signature=SIGNATURE)
    in_headers = [each for each in spec.carries if each.place != "keyword"]
    defs["headers"] = write_headers(task, [(each, _refer(name_carried(each.name))) for each in in_headers])
    failure = write_failure(task.errors, sorted(task.error_fields.keys() & set(task.errors)))
    outcomes = [write_success(_refer("result")), failure] if "result" in defs else []
    if outcomes:
        defs["outcome"] = {"description": "The record in the result backend.", "anyOf": outcomes}
    document: dict[str, Json] = {
        "$schema": DIALECT,
        "$id": uri,
        "title": task.id,
        "$ref": "#/$defs/body",
        "$defs": defs,
        **_say_more(task),
    }
    return {**document, "x-unknown-signature": True} if task.name in unknown else document


def name_document(spec: ServiceSpec, task: TaskSpec) -> str:
    """Return the `$id` of the document of a task, the same as long as its version is."""
    return _name(spec.name, task.name, task.version)


def promises_result(task: TaskSpec) -> bool:
    """Return whether callers get a result: a task may say that nobody keeps it."""
    return task.options.get("ignore_result") is not True


def _name(*parts: str) -> str:
    return ":".join(("urn:taskcontract", *map(escape_id, filter(None, parts))))


def _refer(name: str) -> Json:
    return {"$ref": spell_reference("$defs", name)}


def _say_more(task: TaskSpec) -> dict[str, Json]:
    said: dict[str, Json] = {"x-task": task.wire_name}
    if task.description:
        said["description"] = task.description
    if task.deprecated or task.sunset:
        said["deprecated"] = True
    if not task.enforced:
        said["x-enforced"] = False
    return said


def _describe(parameter: ParameterSpec) -> Json:
    """Return the schema of a parameter with its default; of a secret one, nothing that could be a value."""
    schema, default = parameter.schema, parameter.default
    notes: dict[str, Json] = {}
    if parameter.secret:
        schema = _without_values(schema)
        notes = {"writeOnly": True, "x-secret": True}
    elif default is not MISSING:
        text = expression_of(default)
        notes = {"default": default} if text is None else {"x-default": text}
    if not notes:
        return schema
    if isinstance(schema, dict):
        return {**schema, **notes}
    return notes if schema else {"not": {}, **notes}


def _without_values(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    parts = change_parts(schema, _without_values)
    return {name: part for name, part in parts.items() if name not in ("default", "example", "examples")}
