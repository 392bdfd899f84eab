"""How to look into the queues of each kind of broker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from taskcontract.embedded.location import read_url
from taskcontract.embedded.looking import look_at
from taskcontract.provider.inflight.message import InFlight, read_headers, read_virtual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kombu import Connection

__all__ = ["LOOKERS"]

PAGE = 1000
"""Messages that are read from Redis at once."""

MOST = 100_000
"""How many messages of one queue are looked at."""


def look_embedded(connection: Connection, queue: str) -> Iterator[InFlight]:
    """Read the files of the queue."""
    for raw, claimed in look_at(read_url(connection.as_uri(include_password=True)), queue):
        yield read_virtual(raw, queue, "unacknowledged" if claimed else "waiting")


def look_redis(connection: Connection, queue: str) -> Iterator[InFlight]:
    """Read the queue's lists, one per priority, and the hash of what consumers have not acknowledged."""
    channel: Any = connection.default_channel
    client = channel.client
    for priority in channel.priority_steps:
        key = f"{queue}{channel.sep}{priority}" if priority else queue
        for start in range(0, MOST, PAGE):
            page = client.lrange(key, start, start + PAGE - 1)
            for raw in page:
                yield read_virtual(raw, queue, "waiting")
            if len(page) < PAGE:
                break
    for _, stored in client.hscan_iter(channel.unacked_key, count=PAGE):
        message, _, routing_key = json.loads(stored)
        if routing_key == queue:
            yield read_virtual(json.dumps(message), queue, "unacknowledged")


def look_rabbitmq(connection: Connection, queue: str) -> Iterator[InFlight]:
    """Take each waiting message and give all back at once: AMQP itself has no way of looking.

    They keep their places and are marked as redelivered. What workers hold only they can tell.
    """
    channel: Any = connection.default_channel
    taken: list[Any] = []
    try:
        while len(taken) < MOST and (message := channel.basic_get(queue, no_ack=False)) is not None:
            taken.append(message)
    except connection.channel_errors:
        return  # there is no such queue
    finally:
        if channel.is_open:
            for message in taken:
                channel.basic_reject(message.delivery_tag, requeue=True)
    for message in taken:
        yield read_headers(message.headers or {}, queue, "waiting")


LOOKERS = {"embedded": look_embedded, "redis": look_redis, "amqp": look_rabbitmq}
"""By kombu's `driver_type`."""
