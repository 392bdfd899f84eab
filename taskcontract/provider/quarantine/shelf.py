"""How the messages of a queue are looked at, moved and removed, on each kind of broker.

What is neither moved nor removed stays, also where this process dies in the middle.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from taskcontract.embedded.looking import find_waiting
from taskcontract.provider.quarantine.interrupts import holding_signals
from taskcontract.provider.quarantine.kept import Kept, read_kept, read_stored
from taskcontract.provider.quarantine.publishing import exists
from taskcontract.provider.redis_lists import RedisLists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kombu import Queue

    Publish = Callable[[Kept, str], None]
    """Puts a message into a queue, and returns when the broker has it."""

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
def open_shelf(connection: Any, queue: Queue, publish: Publish) -> Iterator[list[Shelved]]:
    """All messages that lie in `queue` now, the oldest first."""
    channel = connection.default_channel
    match connection.transport.driver_type:
        case "redis":
            lists = RedisLists(channel)
            yield [_InList(lists, key, raw) for key, raw in lists.read(queue.name, MOST)]
        case "embedded":
            found = find_waiting(channel._spool.folder, queue.name)
            yield [_InFolder(channel, queue.name, name, raw, publish) for name, raw in found]
        case _:
            with _taken(connection, queue) as taken:
                yield [_Taken(message, publish) for message in taken]


class _InList:
    """A message in a list of Redis, where looking disturbs nothing and moving is one step."""

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


class _InFolder:
    """A message in a file, which is claimed only to be moved or removed; it goes back if we die then."""

    def __init__(self, channel: Any, queue: str, name: str, raw: bytes, publish: Publish) -> None:
        self.kept = read_stored(raw, channel)
        self._spool = channel._spool
        self._queue = queue
        self._name = name
        self._publish = publish

    def move(self, queue: str) -> None:
        tag = self._spool.claim_named(self._queue, self._name)
        if tag is None:
            return
        try:
            with holding_signals():
                self._publish(self.kept, queue)
                self._spool.settle(tag)
        except BaseException:
            self._spool.give_back(tag)
            raise

    def remove(self) -> None:
        tag = self._spool.claim_named(self._queue, self._name)
        if tag is not None:
            self._spool.settle(tag)


class _Taken:
    """A message that is taken for as long as the look lasts; the broker gives it back if we die."""

    def __init__(self, message: Any, publish: Publish) -> None:
        self.kept = read_kept(message)
        self._message = message
        self._publish = publish

    def move(self, queue: str) -> None:
        with holding_signals():
            self._publish(self.kept, queue)
            self._message.ack()

    def remove(self) -> None:
        self._message.ack()


@contextmanager
def _taken(connection: Any, queue: Queue) -> Iterator[list[Any]]:
    """The messages, taken and not acknowledged: there is no other way of looking at them."""
    channel = connection.default_channel
    taken: list[Any] = []
    try:
        if exists(connection, queue):
            # Not by `Queue.get`, which raises what one message is wrong with instead of giving it.
            while len(taken) < MOST and (message := channel.basic_get(queue.name, no_ack=False)) is not None:
                taken.append(channel.message_to_python(message))
        yield taken
    finally:
        for message in taken:
            if not message.acknowledged:
                message.requeue()
