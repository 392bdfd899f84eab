"""What a kept message is, and when two of them are one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from taskcontract.safety_net.quarantine.kept import NOTE_HEADER, Note, read_kept, read_stored
from taskcontract.safety_net.quarantine.noting import note_message

HEADERS = {"task": "sell", "id": "1", "argsrepr": "('pen',)", "kwargsrepr": "{}"}


def message(headers: Any = HEADERS, body: Any = b"[]", **properties: Any) -> Any:
    return SimpleNamespace(
        headers=headers,
        body=body,
        content_type="application/json",
        content_encoding="utf-8",
        properties=properties,
        errors=[],
    )


def keep(note: Note, *args: Any, **properties: Any) -> Any:
    """The message as it is read back from the quarantine."""
    fields = note_message(message(*args, **properties), note)
    return read_kept(message(fields["headers"], fields["body"], **fields["properties"]))


NOTE = Note("unknown-task", "no code", "2026-01-31T12:00:00.000+00:00", "w@h", "shop")


def test_a_message_comes_back_whole_with_its_note() -> None:
    kept = keep(NOTE, correlation_id="1", reply_to="me", priority=3, delivery_tag="t")
    assert (kept.id, kept.task, kept.arguments, kept.note) == ("1", "sell", "('pen',)", NOTE)
    assert kept.headers == HEADERS
    assert kept.properties == {"correlation_id": "1", "reply_to": "me", "priority": 3}


@pytest.mark.parametrize(
    ("headers", "body", "same"),
    [
        (HEADERS, b"[]", True),
        ({**HEADERS, "redelivered": True}, b"[]", True),
        ({**HEADERS, "x-delivery-count": 3, "x-death": [{}]}, b"[]", True),
        ({**HEADERS, "retries": 1}, b"[]", False),
        ({**HEADERS, "id": "2"}, b"[]", False),
        (HEADERS, b"[1]", False),
    ],
)
def test_what_is_kept_twice_is_one_message(headers: Any, body: bytes, same: bool) -> None:
    later = Note("unknown-task", "no code", "2026-01-31T12:00:09.000+00:00", "other@h", "shop")
    assert (keep(NOTE).fingerprint == keep(later, headers, body).fingerprint) is same


def test_two_without_an_id_that_were_kept_at_different_times_are_two() -> None:
    later = Note(at="2026-01-31T12:00:09.000+00:00")
    assert keep(NOTE, {}).id != keep(later, {}).id


def test_headers_that_are_no_mapping_are_kept_as_they_are() -> None:
    assert keep(NOTE, ["a"]).headers == {"headers": ["a"]}


@pytest.mark.parametrize("errors", [[], [ValueError()]])
def test_a_compression_that_kombu_has_undone_is_not_said_again(errors: list[Any]) -> None:
    compressed = message({**HEADERS, "compression": "application/x-gzip"})
    compressed.errors = errors
    noted = note_message(compressed, NOTE)["headers"]
    assert ("compression" in noted) is bool(errors)
    assert noted[NOTE_HEADER]["reason"] == "unknown-task"


@pytest.mark.parametrize("raw", [b"garbage", b"[]", b"{}", b'{"properties": 5}', b"\xff"])
def test_what_is_no_message_is_read_as_a_body(raw: bytes) -> None:
    channel = SimpleNamespace(
        Message=lambda payload, channel: message(payload["headers"], payload["properties"])
    )
    kept = read_stored(raw, channel)
    assert (kept.body, kept.note.reason, kept.task) == (raw, "unknown", "")
