"""Frames with headers that cannot be read, as the AMQP client reads them."""

from __future__ import annotations

import logging
from struct import pack
from types import SimpleNamespace
from typing import Any

import pytest
from amqp import Connection as ServerConnection
from amqp import Message, method_framing, serialization, spec
from amqp.exceptions import UnexpectedFrame
from amqp.serialization import dumps
from kombu import Connection

from taskcontract.celery_compat.amqp_frames import UNREAD, _read_frames, take_any_headers

PROPERTIES: dict[str, Any] = {
    "content_type": "application/json",
    "content_encoding": "utf-8",
    "application_headers": {"id": "one", "task": "shop.pay"},
    "delivery_mode": 2,
    "correlation_id": "one",
    "reply_to": "box",
}
UNKNOWN = b"\x01xZ"
"""A member `x` of a type that is none."""


def frame_of(properties: dict[str, Any], added: bytes = b"", body: bytes = b"[]") -> bytes:
    """The frame of a message's header whose table of headers ends with the bytes `added`."""
    message: Any = Message(body, **properties)
    made: bytes = message._serialize_properties()
    table = dumps("F", (properties.get("application_headers", {}),))
    longer = pack(">I", len(table) - 4 + len(added)) + table[4:] + added
    assert not added or table in made
    return pack(">HxxQ", spec.Basic.CLASS_ID, len(body)) + (made.replace(table, longer) if added else made)


class Reader:
    """A connection's reader, and what it called back with."""

    def __init__(self, call: Any = None) -> None:
        self.messages: list[Any] = []

        def back(channel: int, method: Any, buffer: Any, message: Any) -> None:
            self.messages.append(message)
            if call is not None:
                call()

        self.read = _read_frames(SimpleNamespace(bytes_recv=0), back)

    def receive(self, header: bytes, body: bytes = b"[]") -> Any:
        self.read((1, 1, pack(">HH", *spec.Basic.Deliver)))
        self.read((2, 1, header))
        if body:
            self.read((3, 1, body))
        return self.messages[-1]


def test_what_can_be_read_is_read_as_ever() -> None:
    message = Reader().receive(frame_of(PROPERTIES))
    assert message.properties == PROPERTIES
    assert message.body == b"[]"


@pytest.mark.parametrize("added", [UNKNOWN, b"\x01xS\xff\xff", b"\xff"], ids=["a type", "a length", "a name"])
@pytest.mark.parametrize(
    "without", [(), ("content_type",), ("content_encoding", "content_type"), ("reply_to",)]
)
def test_only_the_headers_are_replaced(added: bytes, without: tuple[str, ...]) -> None:
    properties = {name: value for name, value in PROPERTIES.items() if name not in without}
    reader = Reader()
    message = reader.receive(frame_of(properties, added))
    headers = message.properties.pop("application_headers")
    assert headers.pop(UNREAD)
    assert headers == PROPERTIES["application_headers"]
    assert message.properties == {
        name: properties[name] for name in properties if name != "application_headers"
    }
    assert message.body == b"[]"
    assert reader.receive(frame_of(PROPERTIES)).properties == PROPERTIES, "the next one is read as ever"


def test_a_message_without_a_body_is_given_once() -> None:
    reader = Reader()
    reader.receive(frame_of(PROPERTIES, UNKNOWN, b""), b"")
    assert len(reader.messages) == 1


def test_what_a_handler_raises_is_passed_on() -> None:
    def fail() -> None:
        raise KeyError("mine")

    reader = Reader(fail)
    with pytest.raises(KeyError, match="mine"):
        reader.receive(frame_of(PROPERTIES, body=b""), b"")
    assert len(reader.messages) == 1


def test_a_frame_that_is_out_of_place_ends_the_connection_as_ever() -> None:
    with pytest.raises(UnexpectedFrame):
        Reader().read((2, 1, frame_of(PROPERTIES)))


@pytest.mark.parametrize(("url", "takes"), [("amqp://h", True), ("redis://h", False), ("memory://", False)])
def test_only_connections_to_rabbitmq_are_changed(url: str, takes: bool) -> None:
    with Connection(url) as connection:
        take_any_headers(connection)
        assert ("frame_handler" in (connection.transport_options or {})) == takes


@pytest.mark.parametrize(
    "take_away",
    [
        lambda patch: patch.delattr(method_framing, "frame_handler"),
        lambda patch: patch.delattr(serialization, "dumps"),
        lambda patch: patch.setattr(ServerConnection, "__init__", lambda self, host: None),
    ],
)
def test_without_what_it_needs_a_connection_stays_as_it_is(
    take_away: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_away(monkeypatch)
    with Connection("amqp://h") as connection, caplog.at_level(logging.WARNING):
        take_any_headers(connection)
        assert "frame_handler" not in (connection.transport_options or {})
    assert "headers that cannot be read end a connection to RabbitMQ: " in caplog.text
