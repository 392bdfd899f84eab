"""How many messages wait in queues, on each kind of broker, without reading or taking one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.brokers.sqs import count_messages
from taskcontract.celery_compat.redis_lists import RedisLists

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["count_waiting"]


def count_waiting(connection: Any, queues: Sequence[str]) -> list[int | None]:
    """Return how many messages wait in each of `queues`; None for one that is known not to exist."""
    channel = connection.default_channel
    match connection.transport.driver_type:
        case "redis":
            lists = RedisLists(channel)
            return list(lists.count(queues))
        case "embedded":
            spool = channel.spool
            return [spool.size(queue) if spool.exists(queue) else None for queue in queues]
        case "sqs":
            return [count_messages(channel, queue) for queue in queues]
    counts: list[int | None] = []
    with connection.channel() as own:  # RabbitMQ closes it at each error, and its client opens it again
        for queue in queues:
            try:
                counts.append(own.queue_declare(queue, passive=True).message_count)
            except connection.channel_errors:
                counts.append(None)
    return counts
