"""One message in flight, as data."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.brokers.bodies import read_body
from taskcontract.brokers.unpacking import COMPRESSION, MOST, is_too_large
from taskcontract.declare.header import read_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.operations.inflight.fate import Fate, Rehearse

__all__ = ["InFlight", "MessagePlace", "counted", "read_message", "read_virtual"]

MessagePlace = Literal[
    "waiting", "counted", "unacknowledged", "scheduled", "reserved", "active", "quarantined", "beat"
]
"""In its queue; in one whose messages can only be counted; given to a worker by the broker; at a worker:
for later, for soon, running; in quarantine, from where it goes back to its queue; not sent yet, by beat."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """A message that a worker will still have to serve: `task` is its wire name.

    `version` is what its header says, else the declared one of that wire name, else empty; `consumer`
    what its header says; `eta` an ISO time or empty. One that is only counted says nothing but its queue.
    """

    id: str
    task: str
    version: str
    consumer: str
    queue: str
    place: MessagePlace
    eta: str = ""
    unread: str = ""
    """Why its body was not looked into; empty where it was, or need not be."""
    fate: Fate | None = None
    """What becomes of it at another version, where that was asked."""


def counted(queue: str) -> InFlight:
    """Return a message of which nothing is known but that it is in `queue`."""
    return InFlight("", "", "", "", queue, "counted")


def read_message(
    message: Mapping[str, Any], queue: str, place: MessagePlace, rehearse: Rehearse | None = None
) -> InFlight:
    """Return the message with these `headers`, `body`, `content_type` and `content_encoding`.

    The fields are empty if it is not a task message. Celery's first protocol has the task in the body.
    """
    found = message["headers"]
    headers: dict[str, Any] = found if isinstance(found, dict) else {}
    unread = ""
    fields = headers
    if not headers.get("task"):
        if is_too_large(message.get("body"), headers.get(COMPRESSION)):
            unread = f"it unpacks to more than {MOST // 1024**2} MB"
        else:
            fields = {**headers, **_read_body(headers, message)}
    header = read_header(headers)
    return InFlight(
        id=_text(fields.get("id")),
        task=_text(fields.get("task")),
        version=header.version,
        consumer=header.consumer,
        queue=queue,
        place=place,
        eta=_text(fields.get("eta")),
        unread=unread,
        fate=rehearse.judge_message(message) if rehearse is not None else None,
    )


def read_virtual(
    raw: bytes | str, queue: str, place: MessagePlace, rehearse: Rehearse | None = None
) -> InFlight:
    """Return the message that one of kombu's virtual transports stores as the JSON text `raw`."""
    try:
        stored = json.loads(raw)
        encoding = stored.get("properties", {}).get("body_encoding")
        body = stored.get("body")
        message = {
            "headers": stored.get("headers"),
            "body": b64decode(body) if encoding == "base64" else body,
            "content_type": stored.get("content-type"),
            "content_encoding": stored.get("content-encoding"),
        }
    except Exception:  # one message is never what the others cannot be looked at for
        message = {"headers": None}
    return read_message(message, queue, place, rehearse)


def _read_body(headers: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a message of protocol 1; none where the body is of another kind."""
    read = read_body(
        message.get("body"), headers, message.get("content_type"), message.get("content_encoding")
    )
    return read if isinstance(read, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
