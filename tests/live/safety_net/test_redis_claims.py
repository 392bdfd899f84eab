"""A message is taken from Redis and noted as unacknowledged in one step, and Kombu's ways stay the same."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import redis
from kombu import Connection, Queue

from taskcontract.provider.safety_net.redis_claims import ClaimingTransport
from tests.support.services import REDIS_URL, require

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.live

PREFIX = f"taskcontract-test-{uuid4().hex[:10]}-"


@pytest.fixture
def client() -> Iterator[Any]:
    client: Any = redis.Redis.from_url(require(REDIS_URL), decode_responses=True)
    yield client
    keys = list(client.scan_iter(f"*{PREFIX}*"))
    if keys:
        client.delete(*keys)
    client.close()


@pytest.fixture
def connection(client: Any) -> Iterator[Any]:
    with Connection(REDIS_URL, transport_options={"global_keyprefix": PREFIX}) as connection:
        made: Any = connection
        made.transport_cls = ClaimingTransport
        yield made


def consume(connection: Any, count: int, *queues: str, **options: Any) -> list[Any]:
    taken: list[Any] = []
    declared = [Queue(name, routing_key=name) for name in queues]
    with connection.Consumer(declared, on_message=taken.append, accept=["json"], **options) as consumer:
        consumer.qos(prefetch_count=count)
        while len(taken) < count:
            connection.drain_events(timeout=3)
    return taken


def publish(connection: Any, queue: str, *bodies: str, **options: Any) -> None:
    with connection.Producer() as producer:
        for body in bodies:
            producer.publish(
                body,
                routing_key=queue,
                declare=[Queue(queue, routing_key=queue)],
                serializer="json",
                **options,
            )


def test_what_is_popped_is_noted_by_redis_itself(connection: Any, client: Any) -> None:
    publish(connection, "a", "one")
    channel = connection.default_channel
    channel.basic_consume("a", no_ack=False, callback=lambda message: None, consumer_tag="a")
    connection.transport.cycle.on_poll_start()
    deadline = time.monotonic() + 5
    while client.llen(f"{PREFIX}a"):
        assert time.monotonic() < deadline
    # Nothing of the answer was read: a worker that is killed here loses nothing.
    (tag,) = client.zrange(f"{PREFIX}unacked_index", 0, -1)
    message, exchange, routing_key = json.loads(client.hget(f"{PREFIX}unacked", tag))
    assert (exchange, routing_key) == ("", "a")
    assert message["properties"]["delivery_tag"] == tag
    channel.qos.restore_by_tag(tag)
    assert client.llen(f"{PREFIX}a") == 1
    assert not client.exists(f"{PREFIX}unacked", f"{PREFIX}unacked_index")


def test_acknowledged_messages_leave_no_note(connection: Any, client: Any) -> None:
    publish(connection, "a", "one", "two", "three")
    taken = consume(connection, 3, "a")
    assert [message.payload for message in taken] == ["one", "two", "three"]
    assert client.hlen(f"{PREFIX}unacked") == 3
    for message in taken:
        message.ack()
    assert not client.exists(f"{PREFIX}unacked", f"{PREFIX}unacked_index", f"{PREFIX}a")


def test_queues_and_priorities_are_kept(connection: Any) -> None:
    publish(connection, "a", "late", priority=9)
    publish(connection, "a", "soon", priority=0)
    publish(connection, "b", "other")
    taken = consume(connection, 3, "a", "b")
    assert sorted(message.payload for message in taken) == ["late", "other", "soon"]
    bodies = [message.payload for message in taken]
    assert bodies.index("soon") < bodies.index("late")
    for message in taken:
        message.ack()


def test_what_needs_no_acknowledgement_is_not_noted(connection: Any, client: Any) -> None:
    publish(connection, "a", "one")
    assert [message.payload for message in consume(connection, 1, "a", no_ack=True)] == ["one"]
    assert not client.exists(f"{PREFIX}unacked")


def test_an_idle_consumer_times_out_and_goes_on(connection: Any) -> None:
    with connection.Consumer([Queue("a", routing_key="a")], on_message=lambda message: message.ack()):
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=0.5)
        publish(connection, "a", "one")
        connection.drain_events(timeout=3)


def test_the_url_is_printed_as_ever(connection: Any) -> None:
    assert connection.as_uri().startswith("redis://")
