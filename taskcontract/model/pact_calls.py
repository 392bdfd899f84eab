"""The call that a contract's interaction makes: which task, and which arguments.

We write `{"args": [...], "kwargs": {...}}` as the contents, and the task's name in the metadata. A file
written by hand, or by Pact's own libraries, may say the same in other words: see `read_arguments`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taskcontract.model.rule_path import parse_rule_path, spell_step

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.reading import Node

__all__ = ["Body", "CallContents", "is_json", "read_arguments", "read_body"]

ATTRIBUTES = frozenset({"content", "contentType", "encoded", "contentTypeHint"})
CALL_KEYS = frozenset({"args", "kwargs", "task", "id"})
EMBED_KEYS = frozenset({"callbacks", "errbacks", "chain", "chord"})


@dataclass(frozen=True, slots=True)
class Body:
    """The contents of a message: whether there are any, and the JSON in them."""

    present: bool
    value: Json = None


@dataclass(frozen=True, slots=True)
class CallContents:
    """What the contents of a call say: arguments, the task if they name it, and where the arguments stand."""

    args: tuple[Json, ...] = ()
    kwargs: dict[str, Json] = field(default_factory=dict)
    task: str | None = None
    form: str = "call"

    def place(self, path: str) -> str:
        """Return where in `{"args": ..., "kwargs": ...}` what is at `path` of the contents stands."""
        steps = parse_rule_path(path)
        if self.form == "message" and steps:  # Celery's own body: [args, kwargs, embed]
            first = {"0": ".args", "1": ".kwargs"}.get(str(steps[0]), spell_step(steps[0]))
            return f"${first}{''.join(map(_spell, steps[1:]))}"
        prefix = {"args": "$.args", "kwargs": "$.kwargs"}.get(self.form, "$")
        return f"{prefix}{''.join(map(_spell, steps))}"


def _spell(step: object) -> str:
    if isinstance(step, str) and step.isdecimal():
        return f"[{step}]"
    return spell_step(step)  # type: ignore[arg-type]


def read_body(message: Node) -> Body:
    """Return the contents of a message; a SpecError for what is not JSON."""
    value = message.object()
    if "contents" not in value:
        return Body(present=False)
    contents = value["contents"]
    if contents is None:
        return Body(present=True)
    node = message["contents"]
    if not isinstance(contents, dict):
        return Body(True, contents)
    if "content" not in contents:
        return Body(present=False) if contents.keys() <= ATTRIBUTES else Body(True, contents)
    kind = contents.get("contentType")
    if kind is not None and not is_json(kind):
        node.fail(f"these contents are {kind!r}; tasks send and return JSON", do="Describe the call in JSON.")
    encoded = contents.get("encoded", False)
    content = contents["content"]
    if isinstance(encoded, str) and encoded.lower() == "json" and isinstance(content, str):
        return Body(True, _parse(node, content))
    if encoded is not False:
        node.fail(f"these contents are encoded ({encoded!r}); tasks send and return plain JSON")
    return Body(True, content)


def is_json(kind: Json) -> bool:
    """Return whether a content type is JSON's."""
    essence = kind.partition(";")[0].strip().lower() if isinstance(kind, str) else ""
    return essence == "application/json" or essence.endswith("+json")


def _parse(node: Node, text: str) -> Json:
    import json

    try:
        return json.loads(text)
    except ValueError:
        node.fail("these contents are said to be JSON in a string, and are none")


def read_arguments(message: Node) -> CallContents:
    """Return the call that the contents of `message` describe.

    They are `{"args": [...], "kwargs": {...}}`, perhaps with the `task`; or the body of a Celery message,
    `[args, kwargs, {...}]`; or an array of positional arguments; or an object of keyword ones; or nothing.
    """
    body = read_body(message)
    value = body.value
    if value is None:
        return CallContents()
    node = message["contents"]
    if isinstance(value, list):
        if _is_message(value):
            return CallContents(tuple(value[0]), value[1], form="message")
        return CallContents(tuple(value), form="args")
    if not isinstance(value, dict):
        node.fail(
            f"these contents are {value!r}, and name no arguments",
            do='Write {"args": [...], "kwargs": {...}}, an array of arguments, or an object of keyword ones.',
        )
    if value.keys() <= CALL_KEYS and ("args" in value or "kwargs" in value):
        args, kwargs, task = value.get("args", []), value.get("kwargs", {}), value.get("task")
        for name, member, fits in (
            ("args", args, isinstance(args, list)),
            ("kwargs", kwargs, isinstance(kwargs, dict)),
        ):
            if not fits:
                found = node["content"][name] if "content" in node.object() else node
                found.fail(
                    f"{name!r} of a call is {'an array' if name == 'args' else 'an object'}, not {member!r}"
                )
        return CallContents(tuple(args), kwargs, task if isinstance(task, str) else None)
    return CallContents(kwargs=value, form="kwargs")


def _is_message(value: list[Json]) -> bool:
    return (
        len(value) == 3
        and isinstance(value[0], list)
        and isinstance(value[1], dict)
        and isinstance(value[2], dict)
        and value[2].keys() <= EMBED_KEYS
    )
