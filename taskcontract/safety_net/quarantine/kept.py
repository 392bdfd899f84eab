"""A message in quarantine: the whole of it, and why it is there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from kombu.utils.json import dumps, loads

from taskcontract.brokers.received import body_as_sent
from taskcontract.brokers.unpacking import COMPRESSION, unpack
from taskcontract.celery_compat.amqp_frames import UNREAD
from taskcontract.model.nesting import DEEPEST, find_id, is_too_deep, is_too_deep_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.canonical import Json

__all__ = [
    "NOTE_HEADER",
    "PERSISTENT",
    "Kept",
    "Note",
    "as_bytes",
    "find_id_of",
    "names_of",
    "read_kept",
    "read_stored",
]

NOTE_HEADER = "taskcontract-quarantine"
"""The header that a kept message has beside its own."""

PROPERTIES = ("correlation_id", "reply_to", "priority")
"""What a message's properties say to its receiver; the others belong to one transport's delivery."""

LONGEST_NAME = 255
"""Characters of an id or a task's name that are kept where the other headers are not."""

TOO_DEEP = f"its headers have more than {DEEPEST} levels"

PERSISTENT = 2
"""AMQP's delivery mode of a message that outlives its broker."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why and whence a message came into quarantine.

    `reason` is a word for filters (`unknown-task`, `sunset`, `arguments`, ...), `explanation` a
    sentence, `do` what to do about it; `at` an ISO time in UTC; `queue` where the message was consumed and
    goes back to. `task` is the wire name where a message of Celery's first protocol has it in its body alone.
    `cut` says why and how only a part of the message is here; empty where it is whole.
    """

    reason: str = "unknown"
    explanation: str = ""
    at: str = ""
    worker: str = ""
    queue: str = ""
    exchange: str = ""
    task: str = ""
    do: str = ""
    cut: str = ""

    def header(self) -> dict[str, Json]:
        """Return the note as it travels with the message."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Kept:
    """A quarantined message: its body as raw bytes, its headers and properties as they came.

    `places` are the queues of the quarantine that it, and what was kept of it twice, was found in.
    """

    id: str
    note: Note
    body: bytes
    content_type: str
    content_encoding: str
    headers: dict[str, Any]
    properties: dict[str, Any]
    places: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def is_whole(self) -> bool:
        """Whether it can be sent again: a part of a message is not the message."""
        return not self.note.cut

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

    @property
    def text(self) -> str:
        """The body as a person may read it: unpacked if it came compressed and that can be undone."""
        body = self.body
        if self.headers.get(COMPRESSION):
            with suppress(Exception):  # a codec may raise anything
                body = unpack(body, self.headers[COMPRESSION])
        return body.decode("utf-8", "backslashreplace")

    def as_message(self) -> dict[str, Any]:
        """Return the message as it came, in the words of kombu's `prepare_message`."""
        return {
            "body": self.body,
            "content_type": self.content_type,
            "content_encoding": self.content_encoding,
            "headers": dict(self.headers),
            "properties": {**self.properties, "delivery_mode": PERSISTENT},
        }


def read_kept(message: Any) -> Kept:
    """Return the quarantined kombu message as data; one that others put there reads as `reason="unknown"`."""
    headers = message.headers if isinstance(message.headers, dict) else {"headers": message.headers}
    body = as_bytes(body_as_sent(message))
    own = [message.properties.get(name) for name in PROPERTIES]
    if is_too_deep(headers) or is_too_deep(own):
        return _without_headers(body, headers, TOO_DEEP)
    if UNREAD in headers:
        why = f"its headers cannot be read: {headers[UNREAD]}"
        return _without_headers(body, headers, why)
    noted = headers.get(NOTE_HEADER)
    fields = noted if isinstance(noted, dict) else {}
    note = Note(**{name: str(fields[name]) for name in Note.__slots__ if name in fields})
    return Kept(
        id=_find_own_id(headers, message.properties) or _digest(note.at, body),
        note=note,
        body=body,
        content_type=_text_of(message.content_type) or "application/octet-stream",
        content_encoding=_text_of(message.content_encoding) or "binary",
        headers={name: value for name, value in headers.items() if name != NOTE_HEADER},
        properties={name: message.properties[name] for name in PROPERTIES if message.properties.get(name)},
    )


def find_id_of(message: Mapping[str, Any]) -> str:
    """Return the id that `message`, a noted one in the words of `prepare_message`, is read with again."""
    headers = message["headers"]
    own = _find_own_id(headers, message["properties"])
    return own or _digest(headers[NOTE_HEADER]["at"], as_bytes(message["body"]))


def read_stored(raw: bytes, channel: Any) -> Kept:
    """Return the quarantined message that a virtual transport's `channel` keeps as `raw`.

    Anything that is not a message is read as one with `reason="unknown"` and that body.
    """
    if is_too_deep_text(raw):
        return _without_headers(raw, {"id": find_id(raw)}, TOO_DEEP)
    try:
        return read_kept(channel.Message(loads(raw), channel=channel))
    except Exception:  # one message is never what others cannot be looked at for
        return Kept(_digest("", raw), Note(), raw, "application/octet-stream", "binary", {}, {})


def _without_headers(body: bytes, headers: dict[Any, Any], why: str) -> Kept:
    """Return a message of which no header but its id and task is kept, and `why`."""
    note = Note("unreadable", why, do="Drop it by its id: no worker can serve it.", cut=why)
    names = names_of(headers)
    content = "application/octet-stream", "binary"
    return Kept(names.get("id") or _digest("", body), note, body, *content, names, {})


def names_of(headers: dict[Any, Any]) -> dict[str, str]:
    """Return the id and the task in a message's `headers`, where they are such."""
    named = {name: headers.get(name) for name in ("id", "task")}
    return {
        name: text
        for name, text in named.items()
        if isinstance(text, str) and text.isprintable() and 0 < len(text) <= LONGEST_NAME
    }


def _find_own_id(headers: Mapping[Any, Any], properties: Mapping[str, Any]) -> str:
    task_id = headers.get("id") or properties.get("correlation_id")
    return task_id if isinstance(task_id, str) else ""


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def as_bytes(body: Any) -> bytes:
    """Return a stored body as bytes. What is neither text nor bytes (a number, say) is spelled as JSON."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if body is None:
        return b""
    if is_too_deep(body):
        return b"(a body that is nested too deeply to be written)"
    text = body if isinstance(body, str) else dumps(body, default=str)
    return text.encode(errors="surrogatepass")


def _is_brokers(header: object) -> bool:
    """Return whether a header is the broker's: kombu's for Redis, or RabbitMQ's (`x-delivery-count` ...)."""
    return header == "redelivered" or str(header).startswith("x-")


def _digest(at: str, body: bytes) -> str:
    """Return an id for a message without one. Two that were kept at different times are two messages."""
    return blake2b(at.encode() + body, digest_size=8).hexdigest()
