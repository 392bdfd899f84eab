"""The lists that Kombu keeps a queue in on Redis, one per priority, read without taking anything.

Private: of the channel of Kombu's Redis transport, `_q_for_pri`, which names such a list;
`_inplace_augment_message` and `_get_message_priority`, as a message is made before it is put there;
`_lookup`, the queues that an exchange leads to. Without the first three no list can be used: a ConfigError,
with which a worker that would keep a message says so and tries again, and each command ends. Without
`_lookup` a message that is not acknowledged counts for the queue of its routing key.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kombu.utils.json import dumps

from taskcontract.celery_compat.deliveries import queues_of_route
from taskcontract.celery_compat.lacking import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["RedisLists"]

PAGE = 1000
"""Messages that are read at once."""


class RedisLists:
    """What lies on Redis for the queues of a kombu `channel`.

    `client` speaks to that Redis, and `prefix` begins each key there.
    """

    def __init__(self, channel: Any) -> None:
        require(
            channel,
            "_q_for_pri",
            "_inplace_augment_message",
            "_get_message_priority",
            needed_for="reading what waits on Redis",
        )
        self.channel = channel
        self.prefix: str = channel.global_keyprefix
        # Kombu's own client puts the prefix before the keys of some commands only: here we do it.
        self.client: Any = import_module("redis").Redis(connection_pool=channel.pool)

    def prepare(self, queue: str, message: Mapping[str, Any]) -> tuple[str, str]:
        """Return the list and the text that `message` (in the words of `prepare_message`) has in `queue`."""
        payload = self.channel.prepare_message(**message)
        self.channel._inplace_augment_message(payload, "", queue)
        return self._key(queue, self.channel._get_message_priority(payload, reverse=False)), dumps(payload)

    def read(self, queue: str, most: int) -> Iterator[tuple[str, bytes]]:
        """Yield up to `most` waiting messages of `queue` as they are stored, each with its list.

        The most urgent first, and of these the oldest.
        """
        for priority in self.channel.priority_steps:
            key = self._key(queue, priority)
            # From the end that is taken from: what is sent meanwhile moves nothing there.
            size = min(PAGE, most)
            for start in range(0, most, PAGE):
                page = self.client.lrange(key, -start - size, -start - 1)
                for raw in reversed(page):
                    if most <= 0:
                        return
                    most -= 1
                    yield key, raw
                if len(page) < size:
                    break

    def count(self, queues: Sequence[str]) -> list[int]:
        """Return how many messages wait in each of `queues`."""
        ranks = self.channel.priority_steps
        with self.client.pipeline(transaction=False) as pipe:
            for queue in queues:
                for priority in ranks:
                    pipe.llen(self._key(queue, priority))
            lengths = pipe.execute()
        return [sum(lengths[at : at + len(ranks)]) for at in range(0, len(lengths), len(ranks))]

    def read_unacknowledged(self, queue: str) -> Iterator[str]:
        """Yield the messages of `queue` that consumers have taken and not acknowledged.

        What others wrote there is passed over: no consumer would get it back.
        """
        for _, stored in self.client.hscan_iter(f"{self.prefix}{self.channel.unacked_key}", count=PAGE):
            try:
                message, exchange, routing_key = json.loads(stored)
            except (ValueError, TypeError, RecursionError):
                continue
            if queue in queues_of_route(self.channel, str(exchange or ""), str(routing_key or "")):
                yield json.dumps(message)

    def _key(self, queue: str, priority: int) -> str:
        return f"{self.prefix}{self.channel._q_for_pri(queue, priority)}"
