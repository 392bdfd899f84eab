"""How to look into the queues of each kind of broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.embedded.location import read_url
from taskcontract.embedded.looking import look_at
from taskcontract.provider.inflight.message import InFlight, read_headers, read_virtual
from taskcontract.provider.redis_lists import RedisLists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kombu import Connection, Queue

__all__ = ["LOOKERS"]

MOST = 100_000
"""How many messages of one queue are looked at."""


def look_embedded(connection: Connection, queue: Queue) -> Iterator[InFlight]:
    """Read the files of the queue."""
    for raw, claimed in look_at(read_url(connection.as_uri(include_password=True)), queue.name):
        yield read_virtual(raw, queue.name, "unacknowledged" if claimed else "waiting")


def look_redis(connection: Connection, queue: Queue) -> Iterator[InFlight]:
    """Read the queue's lists, one per priority, and the hash of what consumers have not acknowledged."""
    lists = RedisLists(connection.default_channel)
    for _, raw in lists.read(queue.name, MOST):
        yield read_virtual(raw, queue.name, "waiting")
    for stored in lists.read_unacknowledged(queue.name):
        yield read_virtual(stored, queue.name, "unacknowledged")


def look_rabbitmq(connection: Connection, queue: Queue) -> Iterator[InFlight]:
    """Take each waiting message and give all back at once: AMQP itself has no way of looking.

    They keep their places and are marked as redelivered. A quorum queue would count that against them,
    and drop what was given back too often: its messages are only counted. What workers hold only they
    can tell.
    """
    channel: Any = connection.channel()
    try:
        count = channel.queue_declare(queue.name, passive=True).message_count
    except connection.channel_errors:
        return  # there is no such queue
    if count and not _is_classic(connection, queue):
        for _ in range(count):
            yield InFlight("", "", "", "", queue.name, "counted")
        return
    taken: list[Any] = []
    try:
        while len(taken) < MOST and (message := channel.basic_get(queue.name, no_ack=False)) is not None:
            taken.append(message)
    finally:
        if channel.is_open:
            for message in taken:
                channel.basic_reject(message.delivery_tag, requeue=True)
    for message in taken:
        yield read_headers(message.headers or {}, queue.name, "waiting")


def _is_classic(connection: Connection, queue: Queue) -> bool:
    """Whether RabbitMQ agrees that the existing `queue` is a classic one; where it is silent on that, no."""
    arguments = {**(queue.queue_arguments or {}), "x-queue-type": "classic"}
    channel: Any = connection.channel()
    try:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=arguments)
    except connection.channel_errors as error:
        return any(f"'{sign}'" in str(error) for sign in CLASSIC_ONLY)
    return True


CLASSIC_ONLY = ("durable", "auto_delete", "exclusive", "x-max-priority")
"""What only a classic queue can have otherwise than it was asked for."""

LOOKERS = {"embedded": look_embedded, "redis": look_redis, "amqp": look_rabbitmq}
"""By kombu's `driver_type`."""
