"""A service as an AsyncAPI 3.0 document: what its workers receive, and what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.export.draft7 import Components, TaskDocument, mentions_reference
from taskcontract.export.json_schema import promises_result, write_task_schema
from taskcontract.export.servers import LOGIN, write_servers
from taskcontract.model.ids import escape_id
from taskcontract.model.pointers import spell_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["write_asyncapi"]

ASYNCAPI = "3.0.0"
UNDECLARED = "undeclared"
"""The version of a service that declares none."""

CONTENT_TYPES = {
    "json": "application/json",
    "msgpack": "application/x-msgpack",
    "pickle": "application/x-python-serialize",
    "yaml": "application/x-yaml",
}
"""By the name that a serializer has in kombu."""

RESULTS = "results"
"""The channel of the results; where a queue has that name, behind two hyphens, which no queue's id has so."""
OUTCOME = "--outcome"
"""The end of the id of a result's message; no task's id ends like this."""
ADDRESS = "queue"
"""The parameter that stands for a name which is no address as it is."""


def write_asyncapi(
    spec: ServiceSpec, unknown: Collection[str] = frozenset(), servers: Iterable[str] = ()
) -> dict[str, Json]:
    """Return the document of `spec`: an operation for each task and version, a channel for each queue.

    `unknown` names the tasks whose signatures are not known; `servers` are URLs of brokers.
    """
    return _Writer(spec, unknown).write(write_servers(servers))


class _Writer:
    """Writes one document."""

    def __init__(self, spec: ServiceSpec, unknown: Collection[str]) -> None:
        self._spec = spec
        self._unknown = unknown
        self._components = Components()
        self._channels: dict[str, dict[str, Any]] = {}
        self._messages: dict[str, Json] = {}
        taken = any(escape_id(task.queue_name) == RESULTS for task in spec.tasks)
        self._results = f"--{RESULTS}" if taken else RESULTS
        self._ids = {(task.name, task.version): escape_id(task.wire_name) for task in spec.tasks}

    def write(self, servers: dict[str, Json]) -> dict[str, Json]:
        operations = {escape_id(task.wire_name): self._write_operation(task) for task in self._spec.tasks}
        components: dict[str, Json] = {"messages": self._messages, "schemas": self._components.schemas}
        if any("security" in server for server in servers.values()):
            components["securitySchemes"] = {LOGIN: {"type": "userPassword"}}
        document: dict[str, Json] = {
            "asyncapi": ASYNCAPI,
            "id": f"urn:taskcontract:{escape_id(self._spec.name)}",
            "info": {"title": self._spec.name, "version": self._spec.version or UNDECLARED},
            "defaultContentType": CONTENT_TYPES["json"],
            "channels": self._channels,
            "operations": operations,
            "components": components,
        }
        return {**document, "servers": servers} if servers else document

    def _write_operation(self, task: TaskSpec) -> dict[str, Json]:
        name = escape_id(task.wire_name)
        document = TaskDocument(task.wire_name, write_task_schema(self._spec, task, self._unknown))
        channel = self._open_channel(task.queue_name)
        operation: dict[str, Json] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [self._add_message(channel, name, self._write_message(task, document))],
            "title": task.id,
            "tags": [{"name": task.name}],
            **self._say_more(task, document),
        }
        if promises_result(task):
            operation["reply"] = self._write_reply(name, task, document)
        return operation

    def _write_message(self, task: TaskSpec, document: TaskDocument) -> dict[str, Json]:
        message: dict[str, Json] = {
            "name": task.wire_name,
            "title": task.id,
            "contentType": CONTENT_TYPES.get(task.serializer, "application/octet-stream"),
            "correlationId": {"location": "$message.header#/id"},
            "headers": self._components.refer(document, "#/$defs/headers"),
            "payload": self._components.refer(document, "#/$defs/body"),
        }
        if task.description:
            message["description"] = task.description
        return {**message, **self._say_deprecated(task)}

    def _write_reply(self, name: str, task: TaskSpec, document: TaskDocument) -> dict[str, Json]:
        self._channels.setdefault(
            self._results,
            {
                "address": None,
                "title": "Results",
                "description": "The result backend, which keeps a record under each call's id.",
                "messages": {},
            },
        )
        message = {
            "name": f"{task.wire_name} outcome",
            "title": f"The outcome of {task.id}",
            "payload": self._components.refer(document, "#/$defs/outcome"),
        }
        return {
            "address": {"location": "$message.header#/id", "description": "The record of this id."},
            "channel": {"$ref": f"#/channels/{self._results}"},
            "messages": [self._add_message(self._results, f"{name}{OUTCOME}", message)],
        }

    def _open_channel(self, queue: str) -> str:
        name = escape_id(queue)
        if name not in self._channels:
            channel: dict[str, Any] = {"address": queue, "title": queue, "messages": {}}
            if any(letter in "{}?#" for letter in queue):  # an address would be read as more than a name
                channel["address"] = f"{{{ADDRESS}}}"
                channel["parameters"] = {ADDRESS: {"enum": [queue], "default": queue}}
            self._channels[name] = channel
        return name

    def _add_message(self, channel: str, name: str, message: dict[str, Json]) -> dict[str, Json]:
        """Add `message` to a channel; returns the reference that an operation has to it."""
        self._messages[name] = message
        self._channels[channel]["messages"][name] = {"$ref": f"#/components/messages/{name}"}
        return {"$ref": f"#/channels/{channel}/messages/{name}"}

    def _say_more(self, task: TaskSpec, document: TaskDocument) -> dict[str, Json]:
        said: dict[str, Json] = {}
        if task.description:
            said["summary"] = task.description.partition("\n")[0]
            said["description"] = task.description
        said["x-task"] = {"name": task.name, "version": task.version}
        if task.aliases:
            said["x-aliases"] = list(task.aliases)
        if task.errors:
            said["x-errors"] = [self._write_error(name, task, document) for name in task.errors]
        if task.options and not mentions_reference(task.options):
            said["x-options"] = task.options
        if not task.enforced:
            said["x-enforced"] = False
        if task.name in self._unknown:
            said["x-unknown-signature"] = True
        return {**said, **self._say_deprecated(task)}

    def _write_error(self, name: str, task: TaskSpec, document: TaskDocument) -> dict[str, Json]:
        if name not in task.error_fields:
            return {"name": name}
        fields = self._components.refer(document, spell_reference("$defs", f"error.{name}"))
        return {"name": name, "fields": fields}

    def _say_deprecated(self, task: TaskSpec) -> dict[str, Json]:
        if not (task.deprecated or task.sunset):
            return {}
        newer = [
            each for each in self._spec.tasks if each.name == task.name and each.supersedes == task.version
        ]
        said = {
            "deprecated": task.deprecated,
            "sunset": task.sunset,
            "use": self._ids[newer[-1].name, newer[-1].version] if newer else None,
        }
        return {"x-deprecation": {name: value for name, value in said.items() if value}}
