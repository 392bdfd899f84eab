"""How the messages of a queue are looked at, moved and removed, on each kind of broker.

What is neither moved nor removed stays, also where this process dies in the middle.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from taskcontract.provider.quarantine.kept import Kept, read_kept, read_stored
from taskcontract.provider.quarantine.publishing import exists
from taskcontract.provider.redis_lists import RedisLists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kombu import Queue

__all__ = ["Shelved", "open_shelf"]

MOST = 100_000
"""How many messages one look reads at the most."""


class Shelved(Protocol):
    """One message in its place."""

    kept: Kept

    def move(self, queue: str) -> None:
        """Put it, without its note, into `queue`: from then on it is here no more."""
        ...

    def remove(self) -> None:
        """Take it away for good."""
        ...


@contextmanager
def open_shelf(
    connection: Any, queue: Queue, publish: Callable[[Kept, str], None]
) -> Iterator[list[Shelved]]:
    """All messages that lie in `queue` now.

    `publish` puts one into another queue and returns when the broker has it: it is for brokers that
    cannot move a message in one step.
    """
    if connection.transport.driver_type == "redis":
        lists = RedisLists(connection.default_channel)
        yield [_InList(lists, key, raw) for key, raw in lists.read(queue.name, MOST)]
        return
    if not exists(connection, queue):
        yield []
        return
    bound: Any = queue(connection.default_channel)
    taken: list[Any] = []
    try:
        while len(taken) < MOST and (message := bound.get(no_ack=False)) is not None:
            taken.append(message)
        yield [_Taken(message, publish) for message in taken]
    finally:
        for message in taken:
            if not message.acknowledged:
                message.requeue()


class _Taken:
    """A message that is taken for as long as the look lasts; the broker gives it back if we die."""

    def __init__(self, message: Any, publish: Callable[[Kept, str], None]) -> None:
        self.kept = read_kept(message)
        self._message = message
        self._publish = publish

    def move(self, queue: str) -> None:
        self._publish(self.kept, queue)
        self._message.ack()

    def remove(self) -> None:
        self._message.ack()


class _InList:
    """A message in a list of Redis, where looking disturbs nothing."""

    def __init__(self, lists: RedisLists, key: str, raw: bytes) -> None:
        self.kept = read_stored(raw, lists.channel)
        self._lists = lists
        self._key = key
        self._raw = raw

    def move(self, queue: str) -> None:
        key, payload = self._lists.prepare(queue, self.kept.as_message())
        self._lists.client.eval(MOVE, 2, self._key, key, self._raw, payload)

    def remove(self) -> None:
        self._lists.client.lrem(self._key, -1, self._raw)


MOVE = """
redis.call('LPUSH', KEYS[2], ARGV[2])
if redis.call('LREM', KEYS[1], -1, ARGV[1]) == 0 then
  redis.call('LPOP', KEYS[2])
end
"""
"""Nothing where another operator was first, or where Redis is full and refuses the first of the steps."""
