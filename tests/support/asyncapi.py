"""AsyncAPI documents, read by AsyncAPI's own schema, and their messages by an independent validator."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from taskcontract.model.pointers import NOWHERE, follow_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["accepts", "find_faults"]

OFFICIAL = Path(__file__).parents[1] / "data/asyncapi/asyncapi-3.0.0.json"
ID = re.compile(r"[\w.-]+", re.ASCII)


def find_faults(document: dict[str, Any]) -> list[str]:
    """What the official schema says against a document, its references that lead nowhere, and unsafe ids."""
    faults = [f"{each.instance_path}: {each.message[:300]}" for each in _official().iter_errors(document)]
    faults += [
        f"{reference} leads nowhere"
        for reference in _references(document)
        if not reference.startswith("#/") or follow_reference(document, reference) is NOWHERE
    ]
    components = document["components"]
    for ids in (document["channels"], document["operations"], *components.values()):
        faults += [f"{name!r} is no id" for name in ids if not ID.fullmatch(name)]
    for channel in document["channels"].values():  # what tools ask for beside the schema
        asked = set(re.findall(r"\{([^}]*)\}", channel["address"] or ""))
        faults += [f"{each} is not described" for each in asked ^ channel.get("parameters", {}).keys()]
    for operation in document["operations"].values():
        faults += [
            f"{each} is not of the operation's channel"
            for each in operation["messages"]
            if not each["$ref"].startswith(f"{operation['channel']['$ref']}/messages/")
        ]
    return faults


def accepts(document: dict[str, Any], message: str, part: str = "payload") -> Callable[[Any], bool]:
    """What tells whether a JSON value is a payload (or headers) of a message of the document."""
    start = document["components"]["messages"][message][part]
    schemas = document["components"]["schemas"]
    needed: dict[str, Any] = {}
    waiting = [start]
    while waiting:  # those of a whole service take a while to compile
        for reference in _references(waiting.pop()):
            name = reference.removeprefix("#/components/schemas/")
            if name not in needed:
                needed[name] = schemas[name]
                waiting.append(schemas[name])
    schema = {**start, "components": {"schemas": needed}}
    return jsonschema_rs.Draft7Validator(schema, offline=True).is_valid


@cache
def _official() -> Any:
    return jsonschema_rs.Draft7Validator(json.loads(OFFICIAL.read_text("utf-8")), offline=True)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:  # whatever it is, tools take it for a reference
            yield str(value["$ref"])
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
