"""How to look into the queues of each kind of broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.brokers.queue_kinds import is_classic
from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.embedded.location import read_url
from taskcontract.embedded.peek import look_at
from taskcontract.operations.inflight.message import InFlight, counted, read_message, read_virtual

if TYPE_CHECKING:
    from kombu import Connection, Queue

__all__ = ["LOOKERS", "MOST", "Seen"]

MOST = 100_000
"""How many messages of one queue are looked at."""


class Seen(NamedTuple):
    """What a broker tells of one queue.

    `holders` are the consumers that may have unacknowledged messages, of which the broker says nothing:
    only they can.
    """

    messages: list[InFlight]
    holders: int = 0
    is_cut: bool = False
    """Whether there are more waiting than MOST."""


def look_embedded(connection: Connection, queue: Queue) -> Seen:
    """Read the files of the queue."""
    stored = look_at(read_url(connection.as_uri(include_password=True)), queue.name)
    return Seen(
        [read_virtual(raw, queue.name, "unacknowledged" if held else "waiting") for raw, held in stored]
    )


def look_redis(connection: Connection, queue: Queue) -> Seen:
    """Read the queue's lists, one per priority, and the hash of what consumers have not acknowledged."""
    lists = RedisLists(connection.default_channel)
    waiting = [read_virtual(raw, queue.name, "waiting") for _, raw in lists.read(queue.name, MOST + 1)]
    held = lists.read_unacknowledged(queue.name)
    told = [*waiting[:MOST], *(read_virtual(stored, queue.name, "unacknowledged") for stored in held)]
    return Seen(told, is_cut=len(waiting) > MOST)


def look_rabbitmq(connection: Connection, queue: Queue) -> Seen:
    """Take each waiting message and give all back at once: AMQP itself has no way of looking.

    They keep their places and are marked as redelivered. A quorum queue would count that against them,
    and drop what was given back too often: its messages are only counted.
    """
    channel: Any = connection.channel()
    try:
        declared = channel.queue_declare(queue.name, passive=True)
    except connection.channel_errors:
        return Seen([])  # there is no such queue
    number, holders = declared.message_count, declared.consumer_count
    if number and not is_classic(connection, queue):
        return Seen([counted(queue.name)] * number, holders)
    taken: list[Any] = []
    try:
        while len(taken) < MOST and (message := channel.basic_get(queue.name, no_ack=False)) is not None:
            taken.append(message)
    finally:
        if channel.is_open:
            for message in taken:
                channel.basic_reject(message.delivery_tag, requeue=True)
    told = [read_message(_as_message(raw), queue.name, "waiting") for raw in taken]
    return Seen(told, holders, is_cut=number > MOST)


def _as_message(taken: Any) -> dict[str, Any]:
    return {
        "headers": taken.headers,
        "body": taken.body,
        "content_type": taken.properties.get("content_type"),
        "content_encoding": taken.properties.get("content_encoding"),
    }


LOOKERS = {"embedded": look_embedded, "redis": look_redis, "amqp": look_rabbitmq}
"""By kombu's `driver_type`."""
