"""What Celery adds to a call and a result, as JSON Schemas: protocol 2, and what a backend keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.pointers import spell_reference
from taskcontract.model.service import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec, TaskSpec

__all__ = ["EMBED", "SIGNATURE", "write_failure", "write_headers", "write_success"]

_TEXT = {"type": "string"}
_TEXT_OR_NONE = {"type": ["string", "null"]}
_NUMBER_OR_NONE = {"type": ["number", "null"]}
_LINKS = {"type": ["array", "null"], "items": {"$ref": "#/$defs/signature"}}

EMBED: dict[str, Json] = {
    "description": "What comes after the call: callbacks, errbacks, the links of a chain, a chord's body.",
    "type": "object",
    "properties": {
        "callbacks": _LINKS,
        "errbacks": _LINKS,
        "chain": _LINKS,
        "chord": {"anyOf": [{"$ref": "#/$defs/signature"}, {"type": "null"}]},
    },
}
"""The third part of a message's body; `signature` stands beside it."""

SIGNATURE: dict[str, Json] = {
    "description": "A call that is sent later: a Celery signature.",
    "type": "object",
    "properties": {
        "task": _TEXT,
        "args": {"type": ["array", "null"]},
        "kwargs": {"type": ["object", "null"]},
        "options": {"type": ["object", "null"]},
        "immutable": {"type": "boolean"},
    },
    "required": ["task"],
}


def write_headers(task: TaskSpec, carried: Iterable[tuple[CarriedSpec, Json]]) -> dict[str, Json]:
    """Return the schema of the headers of a call; `carried` gives what stands there, with its schema."""
    ours: dict[str, Json] = {
        "description": "The call's exact version, and the service that made it; plain callers leave it out.",
        "type": "object",
        "properties": {"version": _TEXT, "consumer": _TEXT},
    }
    properties: dict[str, Any] = {
        "task": {"const": task.wire_name} if not task.aliases else {"enum": list(task.wire_names)},
        "id": {"type": "string", "description": "The task's id, under which its result is kept."},
        "lang": _TEXT,
        "root_id": _TEXT_OR_NONE,
        "parent_id": _TEXT_OR_NONE,
        "group": _TEXT_OR_NONE,
        "group_index": {"type": ["integer", "null"]},
        "retries": {"type": ["integer", "null"]},
        "eta": {"type": ["string", "null"], "description": "Not before this time (ISO 8601)."},
        "expires": {"type": ["string", "null"], "description": "Not after this time (ISO 8601)."},
        "timelimit": {"type": ["array", "null"], "items": _NUMBER_OR_NONE},
        "argsrepr": {"type": ["string", "null"], "description": "The arguments, for people."},
        "kwargsrepr": {"type": ["string", "null"], "description": "The keyword arguments, for people."},
        "origin": _TEXT_OR_NONE,
        "ignore_result": {"type": ["boolean", "null"]},
        HEADER: ours,
    }
    required = ["task", "id"]
    cargo: dict[str, Json] = {}
    demanded: list[Json] = []
    for each, schema in carried:
        if each.place == "header":
            properties[each.key] = schema
            required += [each.key] if each.required else []
        else:
            cargo[each.key] = schema
            demanded += [each.key] if each.required else []
    if cargo:
        ours["properties"]["carried"] = _object(cargo, demanded)
    if demanded:
        ours["required"] = ["carried"]
        required.append(HEADER)
    return _object(properties, required)


def write_success(result: Json) -> dict[str, Json]:
    """Return the schema of the record that a result backend keeps of a `result`."""
    return _record("SUCCESS", result)


def write_failure(errors: Iterable[str], known: Iterable[str]) -> dict[str, Json]:
    """Return the schema of the record of a failure, with the fields of the declared `errors`.

    `known` names those whose fields stand in the document as `error.NAME`.
    """
    names: list[Json] = list(errors)
    stored: dict[str, Json] = {"exc_type": _TEXT, "exc_module": _TEXT_OR_NONE, "exc_message": True}
    if names:
        declared: dict[str, Json] = {
            "description": "The names of the declared error, the nearest first, and what may be read of it.",
            "type": "object",
            "properties": {
                "errors": {"type": "array", "items": {"enum": names}, "minItems": 1},
                "fields": {"type": "object"},
            },
            "required": ["errors", "fields"],
        }
        cases = [_case(name) for name in known]
        stored[HEADER] = {**declared, "allOf": cases} if cases else declared
    return _record("FAILURE", _object(stored, ["exc_type"]))


def _case(name: str) -> Json:
    """Return what holds where `name` is the nearest declared error."""
    nearest = {"properties": {"errors": {"prefixItems": [{"const": name}]}}}
    fields = {"properties": {"fields": {"$ref": spell_reference("$defs", f"error.{name}")}}}
    return {"if": nearest, "then": fields}


def _record(status: str, result: Json) -> dict[str, Json]:
    properties = {
        "status": {"const": status},
        "result": result,
        "task_id": _TEXT,
        "traceback": _TEXT_OR_NONE,
        "date_done": _TEXT_OR_NONE,
        "children": {"type": ["array", "null"]},
    }
    return _object(properties, ["status", "result"])


def _object(properties: dict[str, Any], required: list[Any]) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": required}
