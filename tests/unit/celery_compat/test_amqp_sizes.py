"""The size of a message's headers is that of the frame which the AMQP client sends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from amqp import Message
from kombu.transport.pyamqp import Channel

from taskcontract.celery_compat.amqp_sizes import size_of_headers

MESSAGE: Any = {
    "body": "[]",
    "priority": None,
    "content_type": "application/json",
    "content_encoding": "utf-8",
    "headers": {"id": "one"},
    "properties": {"correlation_id": "one"},
}


def prepare(**message: Any) -> Any:
    """As a channel does; it needs no connection for it."""
    channel: Any = Channel
    made = channel.prepare_message(SimpleNamespace(Message=Message), **message)
    made.properties["delivery_mode"] = 2
    return made


def test_the_size_grows_with_the_headers() -> None:
    channel = SimpleNamespace(prepare_message=prepare)
    small = size_of_headers(channel, MESSAGE)
    assert small == len(prepare(**MESSAGE)._serialize_properties())
    more = {**MESSAGE, "headers": {"id": "one" + "x" * 1000}}
    assert size_of_headers(channel, more) == small + 1000
    assert MESSAGE["properties"] == {"correlation_id": "one"}


def test_without_the_clients_own_the_size_is_not_known() -> None:
    channel = SimpleNamespace(prepare_message=lambda **_: SimpleNamespace())
    assert size_of_headers(channel, MESSAGE) == 0
