"""A message in quarantine: the whole of it, and why it is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from kombu.utils.json import dumps, loads

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["NOTE_HEADER", "Kept", "Note", "note_message", "read_kept", "read_stored"]

NOTE_HEADER = "taskcontract-quarantine"
"""The header that a kept message has beside its own."""

PROPERTIES = ("correlation_id", "reply_to", "priority")
"""What a message's properties say to its receiver; the others belong to one transport's delivery."""

PERSISTENT = 2
"""AMQP's delivery mode of a message that outlives its broker."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why and whence a message came into quarantine.

    `reason` is a word for filters (`unknown-task`, `sunset`, `arguments`, ...), `explanation` a
    sentence; `at` an ISO time in UTC; `queue` where the message was consumed and goes back to. `task` is
    the wire name where a message of Celery's first protocol has it in its body alone.
    """

    reason: str = "unknown"
    explanation: str = ""
    at: str = ""
    worker: str = ""
    queue: str = ""
    exchange: str = ""
    task: str = ""

    def header(self) -> dict[str, Json]:
        """The note as it travels with the message."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Kept:
    """A quarantined message: its body as raw bytes, its headers and properties as they came."""

    id: str
    note: Note
    body: bytes
    content_type: str
    content_encoding: str
    headers: dict[str, Any]
    properties: dict[str, Any]

    @property
    def task(self) -> str:
        """The task's wire name; empty where the message names none."""
        name = self.headers.get("task", self.note.task)
        return name if isinstance(name, str) else ""

    @property
    def fingerprint(self) -> str:
        """The same for a message that was kept twice, as it was delivered again before its acknowledgement.

        An id alone does not say so: callers may choose the same one for several calls. What a broker
        adds to the headers when it delivers again does not count.
        """
        own = {name: value for name, value in self.headers.items() if not _is_brokers(name)}
        facts = dumps([self.id, own, self.note.queue, self.content_type], sort_keys=True, default=str)
        return blake2b(facts.encode() + self.body, digest_size=16).hexdigest()

    @property
    def arguments(self) -> str:
        """The arguments in a line, as the caller described them."""
        texts = (self.headers.get("argsrepr"), self.headers.get("kwargsrepr"))
        return " ".join(text for text in texts if isinstance(text, str) and text not in ("()", "{}"))

    def as_message(self) -> dict[str, Any]:
        """The message as it came, in the words of kombu's `prepare_message`."""
        return {
            "body": self.body,
            "content_type": self.content_type,
            "content_encoding": self.content_encoding,
            "headers": dict(self.headers),
            "properties": {**self.properties, "delivery_mode": PERSISTENT},
        }


def note_message(message: Any, note: Note) -> dict[str, Any]:
    """The consumed kombu `message` with a note of why it is kept, in the words of `prepare_message`."""
    kept = read_kept(message)
    headers = {**kept.headers, NOTE_HEADER: note.header()}
    if not message.errors:
        headers.pop("compression", None)  # Kombu has undone it
    return {**kept.as_message(), "headers": headers}


def read_kept(message: Any) -> Kept:
    """The quarantined kombu message as data; one that others put there reads as `reason="unknown"`."""
    headers = message.headers if isinstance(message.headers, dict) else {"headers": message.headers}
    noted = headers.get(NOTE_HEADER)
    fields = noted if isinstance(noted, dict) else {}
    note = Note(**{name: str(fields[name]) for name in Note.__slots__ if name in fields})
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body or b"")
    task_id = headers.get("id") or message.properties.get("correlation_id")
    return Kept(
        id=task_id if isinstance(task_id, str) and task_id else _digest(note.at, body),
        note=note,
        body=body,
        content_type=message.content_type or "application/octet-stream",
        content_encoding=message.content_encoding or "binary",
        headers={name: value for name, value in headers.items() if name != NOTE_HEADER},
        properties={name: message.properties[name] for name in PROPERTIES if message.properties.get(name)},
    )


def read_stored(raw: bytes, channel: Any) -> Kept:
    """The quarantined message that a virtual transport's `channel` keeps as `raw`.

    What is no message at all reads as one of `reason="unknown"` with that body.
    """
    try:
        return read_kept(channel.Message(loads(raw), channel=channel))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Kept(_digest("", raw), Note(), raw, "application/octet-stream", "binary", {}, {})


def _is_brokers(header: object) -> bool:
    """Whether it is of the broker's: kombu's for Redis, or RabbitMQ's (`x-delivery-count`, `x-death`)."""
    return header == "redelivered" or str(header).startswith("x-")


def _digest(at: str, body: bytes) -> str:
    """An id for a message without one. Two that were kept at different times are two messages."""
    return blake2b(at.encode() + body, digest_size=8).hexdigest()
