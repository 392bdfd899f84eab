"""How to look into the queues of each kind of broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.brokers.queue_kinds import is_classic
from taskcontract.brokers.received import body_as_sent
from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.embedded.location import read_url
from taskcontract.embedded.peek import look_at
from taskcontract.operations.inflight.message import (
    InFlight,
    MessagePlace,
    counted,
    read_message,
    read_virtual,
)
from taskcontract.safety_net.quarantine.taking import taken

if TYPE_CHECKING:
    from kombu import Connection, Queue

    from taskcontract.operations.inflight.fate import Rehearse

__all__ = ["LOOKERS", "MOST", "Look", "Seen"]

MOST = 100_000
"""How many messages of one queue are looked at."""


class Look(NamedTuple):
    """How one queue is looked at: at `most` of its messages, each judged by `rehearse` where there is one.

    `quarantined` says whether the quarantine is read for them too.
    """

    most: int = MOST
    rehearse: Rehearse | None = None
    quarantined: bool = True


class Seen(NamedTuple):
    """What a broker tells of one queue.

    `holders` are the consumers that may have unacknowledged messages, of which the broker says nothing:
    only they can.
    """

    messages: list[InFlight]
    holders: int = 0
    is_cut: bool = False
    """Whether there are more waiting than were looked at."""


def look_embedded(connection: Connection, queue: Queue, look: Look) -> Seen:
    """Read the files of the queue."""
    stored = look_at(read_url(connection.as_uri(include_password=True)), queue.name)
    told: list[InFlight] = []
    waiting = 0
    for raw, held in stored:
        waiting += not held
        if held or waiting <= look.most:
            place: MessagePlace = "unacknowledged" if held else "waiting"
            told.append(read_virtual(raw, queue.name, place, look.rehearse))
    return Seen(told, is_cut=waiting > look.most)


def look_redis(connection: Connection, queue: Queue, look: Look) -> Seen:
    """Read the queue's lists, one per priority, and the hash of what consumers have not acknowledged."""
    lists = RedisLists(connection.default_channel)
    told: list[InFlight] = []
    is_cut = False
    for number, (_, raw) in enumerate(lists.read(queue.name, look.most + 1)):
        is_cut = number == look.most
        if not is_cut:
            told.append(read_virtual(raw, queue.name, "waiting", look.rehearse))
    held = lists.read_unacknowledged(queue.name)
    told += [read_virtual(stored, queue.name, "unacknowledged", look.rehearse) for stored in held]
    return Seen(told, is_cut=is_cut)


def look_rabbitmq(connection: Connection, queue: Queue, look: Look) -> Seen:
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
    with taken(connection, [queue.name], look.most) as messages:
        found = [_as_message(message) for _, message in messages]
    told = [read_message(each, queue.name, "waiting", look.rehearse) for each in found]
    return Seen(told, holders, is_cut=number > look.most)


def _as_message(message: Any) -> dict[str, Any]:
    return {
        "headers": message.headers,
        "body": body_as_sent(message),
        "content_type": message.content_type,
        "content_encoding": message.content_encoding,
    }


LOOKERS = {"embedded": look_embedded, "redis": look_redis, "amqp": look_rabbitmq}
"""By kombu's `driver_type`."""
