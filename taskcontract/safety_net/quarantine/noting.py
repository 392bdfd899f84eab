"""What is put into quarantine of a message: all of it, or a part that every broker takes."""

from __future__ import annotations

from dataclasses import asdict, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from kombu.compression import compress

from taskcontract.brokers.received import body_as_sent
from taskcontract.brokers.unpacking import COMPRESSION
from taskcontract.safety_net.quarantine.kept import NOTE_HEADER, PERSISTENT, as_bytes, names_of, read_kept

if TYPE_CHECKING:
    from taskcontract.safety_net.quarantine.kept import Note

__all__ = ["note_message", "pack_message", "shorten_message"]

LONGEST_REASON = 300
"""Characters of a broker's words that are kept beside such a part."""

LONGEST_PART = 65_536
"""Bytes that are kept of the body of a message that cannot be kept whole."""


def note_message(message: Any, note: Note) -> dict[str, Any]:
    """Return the consumed kombu `message` and a note of why it is kept, as arguments of `prepare_message`."""
    kept = read_kept(message)
    headers = {**kept.headers, NOTE_HEADER: replace(note, cut=kept.note.cut).header()}
    if not message.errors and getattr(message, "sent", None) is None:
        headers.pop(COMPRESSION, None)  # it came on a connection of others, where kombu has undone it
    return {**kept.as_message(), "headers": headers}


def pack_message(noted: dict[str, Any]) -> dict[str, Any] | None:
    """Return a message that `note_message` gave with its body compressed; None where it came so.

    Whoever serves it when it is replayed unpacks it unasked, as kombu's header says how.
    """
    if noted["headers"].get(COMPRESSION):
        return None
    body, how = compress(noted["body"], "zlib")
    return {**noted, "body": body, "headers": {**noted["headers"], COMPRESSION: how}}


def shorten_message(message: Any, note: Note, why: str) -> dict[str, Any]:
    """Return the part of a kombu `message` that every broker takes, with a note of what was left out.

    The first 64 KB of its body, the length and hash of all of it, and no headers but its id and task.
    """
    body = as_bytes(body_as_sent(message))
    headers = message.headers if isinstance(message.headers, dict) else {}
    digest = blake2b(body, digest_size=16).hexdigest()
    part = f"{min(len(body), LONGEST_PART)} of {len(body)} bytes (blake2b {digest})"
    cut = f"{why[:LONGEST_REASON]}; no headers, {part}"
    fields = {name: _plain(text) for name, text in asdict(replace(note, cut=cut)).items()}
    return {
        "body": body[:LONGEST_PART],
        "content_type": "application/octet-stream",
        "content_encoding": "binary",
        "headers": {**names_of(headers), NOTE_HEADER: fields},
        "properties": {"delivery_mode": PERSISTENT},
    }


def _plain(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()
