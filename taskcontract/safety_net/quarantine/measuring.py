"""Measure how much is kept, and for how long, reading as few messages as possible."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from kombu import Queue

from taskcontract.brokers.queue_kinds import is_classic
from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.embedded.peek import find_waiting
from taskcontract.safety_net.quarantine.kept import read_kept, read_stored
from taskcontract.safety_net.quarantine.taking import in_turn, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.safety_net.quarantine.kept import Kept
    from taskcontract.safety_net.quarantine.parts import Group, Parts

__all__ = ["Measured", "measure"]


class Measured(NamedTuple):
    """How many messages are kept, and since when (seconds since the epoch) the oldest is.

    Only the first message of each queue is looked at; None if there is none, or if that is unknown.
    """

    depth: int
    oldest: float | None


def measure(connection: Any, parts: Parts) -> Measured:
    """Return what lies in the quarantine's `parts` now."""
    depth = parts.count(connection)
    if not depth or not _can_be_read(connection, parts.name):
        return Measured(depth, None)
    groups = parts.group(parts.find_all(connection))
    times = [_time_of(kept) for group in groups for kept in _find_first(connection, group)]
    return Measured(depth, min((time for time in times if time is not None), default=None))


def _can_be_read(connection: Any, queue: str) -> bool:
    match connection.transport.driver_type:
        case "redis" | "embedded":
            return True
        case "amqp":
            return is_classic(connection, Queue(queue))
    return False


def _find_first(connection: Any, group: Group) -> Iterator[Kept]:
    """Yield the message that is first in each queue of the `group`; on RabbitMQ it is given back at once."""
    channel = connection.default_channel
    match connection.transport.driver_type:
        case "redis":
            lists = RedisLists(channel)
            for queue in group.queues:
                yield from (read_stored(raw, channel) for _, raw in lists.read(queue, 1))
        case "embedded":
            for queue in group.queues:
                for _, raw in find_waiting(channel.spool.folder, queue):
                    yield read_stored(raw, channel)
                    break
        case _:
            with in_turn(connection, group.turn):
                for queue in group.queues:
                    with taken(connection, [queue], 1) as messages:
                        yield from [read_kept(message) for _, message in messages]


def _time_of(kept: Kept) -> float | None:
    """When it was kept; None where its note does not say so."""
    try:
        return datetime.fromisoformat(kept.note.at).timestamp()
    except (ValueError, OverflowError):
        return None
