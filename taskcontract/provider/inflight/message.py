"""One message in flight, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.declare.header import read_header

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["InFlight", "Place", "read_headers", "read_virtual"]

Place = Literal["waiting", "counted", "unacknowledged", "scheduled", "reserved", "active", "quarantined"]
"""In its queue; in one whose messages can only be counted; given to a worker by the broker; at a worker:
for later, for soon, running; in quarantine, from where it goes back to its queue."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """A message that a worker will still have to serve: `task` is its wire name.

    `version` and `consumer` are what its header says, empty where it has none; `eta` an ISO time or empty.
    One that is only counted says nothing but its queue.
    """

    id: str
    task: str
    version: str
    consumer: str
    queue: str
    place: Place
    eta: str = ""


def read_headers(headers: Mapping[str, Any], queue: str, place: Place) -> InFlight:
    """The message whose Celery headers are `headers`; empty fields where it is no task message."""
    header = read_header(headers)
    return InFlight(
        id=_text(headers.get("id")),
        task=_text(headers.get("task")),
        version=header.version,
        consumer=header.consumer,
        queue=queue,
        place=place,
        eta=_text(headers.get("eta")),
    )


def read_virtual(raw: bytes | str, queue: str, place: Place) -> InFlight:
    """The message that one of kombu's virtual transports stores as the JSON text `raw`."""
    try:
        headers = json.loads(raw).get("headers")
    except (ValueError, AttributeError, UnicodeDecodeError):
        headers = None
    return read_headers(headers if isinstance(headers, dict) else {}, queue, place)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
