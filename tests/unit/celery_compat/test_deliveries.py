"""The queue that a message came from: by the consumer's tag, by its exchange, or by its routing key."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from kombu import Connection, Consumer, Exchange, Queue

from taskcontract.celery_compat.deliveries import queue_of_tag, queues_of_route

if TYPE_CHECKING:
    from collections.abc import Iterator

QUEUE = Queue("orders", Exchange("deliveries", "topic"), routing_key="order.#")


@pytest.fixture
def channel() -> Iterator[Any]:
    with Connection("memory://") as connection:
        yield connection.default_channel


def test_a_consumers_tag_leads_to_its_queue(channel: Any) -> None:
    consumer = Consumer(channel, [QUEUE])
    consumer.consume()
    (tag,) = channel._consumers
    assert queue_of_tag(consumer, tag) == "orders"
    assert queue_of_tag(consumer, "another") == ""
    assert queue_of_tag(SimpleNamespace(), tag) == "", "a version that keeps no tags"


def test_an_exchange_leads_to_its_queues(channel: Any) -> None:
    QUEUE(channel).declare()
    assert queues_of_route(channel, "deliveries", "order.new") == ["orders"]
    assert queues_of_route(channel, "", "order.new") == ["order.new"]
    assert queues_of_route(SimpleNamespace(), "deliveries", "order.new") == ["order.new"], "a version without"


def test_an_exchange_that_leads_nowhere_makes_no_noise(channel: Any) -> None:
    channel.deadletter_queue = "ae.undeliver"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert queues_of_route(channel, "nobody's", "a") == ["ae.undeliver"]
