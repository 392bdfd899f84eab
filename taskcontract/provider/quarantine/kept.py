"""A message in quarantine: the whole of it, and why it is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["NOTE_HEADER", "Kept", "Note", "read_kept"]

NOTE_HEADER = "taskcontract-quarantine"
"""The header that a kept message has beside its own."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why and whence a message came into quarantine.

    `reason` is a word for filters (`unknown-task`, `sunset`, `arguments`, ...), `explanation` a
    sentence; `at` an ISO time in UTC; `queue` where the message was consumed and goes back to.
    """

    reason: str
    explanation: str
    at: str
    worker: str
    queue: str
    exchange: str = ""

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
        name = self.headers.get("task")
        return name if isinstance(name, str) else ""

    @property
    def arguments(self) -> str:
        """The arguments in a line, as the caller described them."""
        texts = (self.headers.get("argsrepr"), self.headers.get("kwargsrepr"))
        return " ".join(text for text in texts if isinstance(text, str) and text not in ("()", "{}"))


def read_kept(message: Any) -> Kept:
    """The quarantined kombu message as data; one that others put there reads as `reason="unknown"`."""
    headers = dict(message.headers or {})
    noted = headers.pop(NOTE_HEADER, None)
    fields = (
        {name: str(noted[name]) for name in Note.__slots__ if name in noted}
        if isinstance(noted, dict)
        else {}
    )
    note = Note(**{"reason": "unknown", "explanation": "", "at": "", "worker": "", "queue": "", **fields})
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    task_id = headers.get("id") or message.properties.get("correlation_id")
    return Kept(
        id=task_id if isinstance(task_id, str) and task_id else blake2b(body, digest_size=8).hexdigest(),
        note=note,
        body=body,
        content_type=message.content_type or "application/octet-stream",
        content_encoding=message.content_encoding or "binary",
        headers=headers,
        properties={name: message.properties[name] for name in PROPERTIES if message.properties.get(name)},
    )


PROPERTIES = ("correlation_id", "reply_to", "priority")
"""What a message's properties say to its receiver; the others belong to one transport's delivery."""
