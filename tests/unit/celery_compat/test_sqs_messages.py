"""A text of any form is a message of SQS, also where kombu cannot read it."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from kombu.transport.SQS import Channel

from taskcontract.celery_compat.sqs_messages import take_any_text


class KombusChannel(Channel):
    """Kombu's own, of no server."""

    def __init__(self) -> None:
        """Connect to nothing."""

    def decode_body(self, body: Any, encoding: Any = None) -> Any:
        if encoding:
            raise KeyError(encoding)
        return body


class Foreign:
    """A channel of a kombu that has no `_message_to_python`."""


def connect(channel: Any, driver: str = "sqs") -> Any:
    connection = SimpleNamespace(
        channel=lambda: channel, get_transport_cls=lambda: SimpleNamespace(driver_type=driver)
    )
    take_any_text(connection)
    return connection


def read(body: str) -> Any:
    """The message that a worker gets of a text."""
    made = connect(KombusChannel()).channel()
    made.connection = SimpleNamespace(_noack_queues=())
    payload = made._message_to_python({"Body": body, "ReceiptHandle": "handle"}, "q", "https://h/1/q")
    return made.Message(payload, channel=made)


@pytest.mark.parametrize(
    "body",
    [
        '{"properties": 5}',
        '{"properties": {"delivery_info": 5}}',
        '{"properties": {"delivery_info": {}, "body_encoding": "x"}, "body": "x"}',
        '{"properties": {"delivery_info": {}}, "headers": [1]}',
        "[" * 5000,
        "hello",
    ],
)
def test_a_text_that_kombu_cannot_read_is_the_body(body: str) -> None:
    message = read(body)
    assert message.body == body.encode()
    assert message.delivery_tag == "handle"
    assert (message.delivery_info["routing_key"], message.delivery_info["exchange"]) == ("q", "")
    assert message.delivery_info["sqs_queue"] == "https://h/1/q"


def test_kombus_own_is_read_as_ever() -> None:
    message = read(
        '{"body": "[]", "content-type": "application/json", "content-encoding": "utf-8",'
        ' "headers": {"id": "1"}, "properties": {"delivery_info": {"exchange": "e", "routing_key": "r"}}}'
    )
    assert (message.payload, message.headers, message.delivery_tag) == ([], {"id": "1"}, "handle")
    assert (message.delivery_info["routing_key"], message.delivery_info["exchange"]) == ("r", "e")


def test_without_what_it_needs_the_channel_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    channel = Foreign()
    with caplog.at_level(logging.WARNING):
        assert connect(channel).channel() is channel
    assert vars(channel) == {}
    assert "is not a message of kombu's ends this worker" in caplog.text


def test_other_transports_are_left_alone() -> None:
    channel = Foreign()
    assert connect(channel, driver="amqp").channel() is channel
    assert vars(channel) == {}
