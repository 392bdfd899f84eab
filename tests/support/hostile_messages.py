"""Messages of a form that no Celery would send; each has its marker somewhere, by which it is found again."""

from __future__ import annotations

from typing import Any

__all__ = ["ENVELOPES", "MARK", "MESSAGES", "mark", "mark_envelope"]

MARK = "(mark)"
"""Stands for the marker of one message."""

GOOD: dict[str, Any] = {"task": "add", "id": MARK}
CALL = "[[1, 2], {}, {}]"
BEYOND = "1" + "0" * 400

MESSAGES: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "a task that is a list": ({"task": ["add"], "id": MARK}, CALL, {}),
    "no id": ({"task": "add"}, CALL, {}),
    "an id that is a number": ({"task": "add", "id": 7}, CALL, {}),
    "an id that is a mapping": ({"task": "add", "id": {"x": 1}}, CALL, {}),
    "a body that is too short": (GOOD, "[[1, 2]]", {}),
    "a body that is text": (GOOD, '"abc"', {}),
    "a body that is null": (GOOD, "null", {}),
    "an empty body": (GOOD, "", {}),
    "keywords that are a list": (GOOD, "[[1, 2], [], {}]", {}),
    "no content type": (GOOD, CALL, {"content_type": ""}),
    "one time limit": ({**GOOD, "timelimit": 5}, CALL, {}),
    "time limits that are text": ({**GOOD, "timelimit": ["a", "b"]}, CALL, {}),
    "stamped headers that are a number": ({**GOOD, "stamped_headers": 7}, CALL, {}),
    "a time beyond all clocks": ({**GOOD, "eta": "9999-12-31T23:59:59.999999-12:00"}, CALL, {}),
    "a compression that it has not": ({**GOOD, "compression": "application/x-gzip"}, CALL, {}),
    "an unknown compression": ({**GOOD, "compression": "no-such"}, CALL, {}),
    "headers that fill a frame of RabbitMQ's": (
        {"task": "add", "id": 7, "pad": "a" * 130_880},
        f'[["{MARK}", 2], {{}}, {{}}]',
        {},
    ),
    "no task": ({}, '{"event": "ping"}', {}),
    "protocol 1 with a list for its task": (
        {},
        f'{{"task": ["add"], "id": "{MARK}", "args": [], "kwargs": {{}}}}',
        {},
    ),
    "protocol 1 with time limits that are text": (
        {},
        f'{{"task": "add", "id": "{MARK}", "args": [1, 2], "kwargs": {{}}, "timelimit": ["a", "b"]}}',
        {},
    ),
    "protocol 1 with a time limit beyond all floats": (
        {},
        f'{{"task": "add", "id": "{MARK}", "args": [1, 2], "kwargs": {{}}, "timelimit": [{BEYOND}, null]}}',
        {},
    ),
    "time limits that are text beside the arguments": (
        GOOD,
        '{"args": [1, 2], "kwargs": {}, "timelimit": ["a", "b"]}',
        {},
    ),
    "protocol 1 with a time beyond all clocks": (
        {},
        f'{{"task": "add", "id": "{MARK}", "args": [], "kwargs": {{}}, "eta": "9999-12-31T23:59:59-12:00"}}',
        {},
    ),
}
"""Headers, body and options of publishing, for each broker."""

PROPERTIES = (
    f'{{"correlation_id": "{MARK}", "delivery_tag": "{MARK}", '
    '"delivery_info": {"exchange": "", "routing_key": "q"}}'
)
NAMED = f'"id": "{MARK}", "task": "add"'
NESTED_985 = "[" * 985 + "]" * 985

ENVELOPES: dict[str, str | bytes] = {
    "garbage": f"garbage {MARK}",
    "bytes that are no text": b"\xff\xfe\x00" + MARK.encode(),
    "JSON that is no mapping": f'[1, 2, "{MARK}"]',
    "a mapping of somebody else": f'{{"hello": "{MARK}"}}',
    "no properties": f'{{"body": "{MARK}", "headers": {{}}, "properties": null}}',
    "headers that are a list": f'{{"body": "W10=", "headers": ["{MARK}"], "properties": {PROPERTIES}}}',
    "headers that are text": f'{{"body": "W10=", "headers": "{MARK}", "properties": {PROPERTIES}}}',
    "a body that is a number": f'{{"body": 5, "headers": {{"at": "{MARK}"}}, "properties": {PROPERTIES}}}',
    "a value that kombu cannot make": f'{{"body": "W10=", "headers": {{{NAMED}, "at": '
    f'{{"__type__": "decimal", "__value__": "ten"}}}}, "properties": {PROPERTIES}}}',
    "headers nested 985 times": f'{{"body": "W10=", "headers": {{{NAMED}, "at": '
    f'{NESTED_985}}}, "properties": {PROPERTIES}}}',
    "headers nested 180 times": f'{{"body": "W10=", "headers": {{"id": 7, "name": "{MARK}", "task": "add", '
    f'"at": {"[" * 180}{"]" * 180}}}, "properties": {PROPERTIES}}}',
    "an id that no text can have": f'{{"body": "WzFd", "headers": {{"id": "\\ud800", "task": "add", '
    f'"at": "{MARK}"}}, "content-type": "application/json", "properties": {PROPERTIES}}}',
    "a time limit beyond all floats": f'{{"body": "W1sxLDJdLHt9LHt9XQ==", "headers": {{{NAMED}, "timelimit": '
    f'[{BEYOND}, null]}}, "content-type": "application/json", "content-encoding": "utf-8", "properties": '
    f'{{"body_encoding": "base64", {PROPERTIES[1:]}}}',
    "a body that would be 300 MB": f'{{"body": 300000000, "headers": {{"id": "{MARK}", "task": "none"}}, '
    f'"properties": {PROPERTIES}}}',
    "a body that is a mapping": f'{{"body": {{"a": 1}}, "headers": {{"id": "{MARK}", "task": "none"}}, '
    f'"properties": {PROPERTIES}}}',
    "no way that it came": f'{{"body": "W10=", "headers": {{"at": "{MARK}"}}, "properties": '
    f'{{"delivery_tag": "{MARK}", "delivery_info": {{}}}}}}',
    "headers that are an empty list": f'{{"body": "W10=", "headers": [], "properties": {PROPERTIES}}}',
    "a body that is no base64": f'{{"body": "%", "headers": {{"at": "{MARK}"}}, "properties": '
    f'{{"body_encoding": "base64", "delivery_tag": "{MARK}", '
    '"delivery_info": {"exchange": "", "routing_key": "q"}}}',
}
"""What may stand in a queue of Redis or of the embedded broker, where a message of kombu's would."""


def mark(value: Any, marker: str) -> Any:
    """`value`, of whatever form, with `marker` where `MARK` stands."""
    match value:
        case str():
            return value.replace(MARK, marker)
        case bytes():
            return value.replace(MARK.encode(), marker.encode())
        case dict():
            return {name: mark(each, marker) for name, each in value.items()}
        case list() | tuple():
            return type(value)(mark(each, marker) for each in value)
        case _:
            return value


def mark_envelope(name: str, marker: str) -> bytes:
    """One of the envelopes with `marker`, as bytes."""
    envelope = mark(ENVELOPES[name], marker)
    return envelope.encode() if isinstance(envelope, str) else envelope
