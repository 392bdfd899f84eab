"""How the messages of a queue are looked at, moved and removed, on each kind of broker.

What is neither moved nor removed stays, also where this process dies in the middle.
"""

from __future__ import annotations

import signal
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from taskcontract.brokers import sqs
from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.embedded.peek import find_waiting
from taskcontract.safety_net.quarantine.kept import Kept, read_kept, read_stored
from taskcontract.safety_net.quarantine.taking import in_turn, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from taskcontract.safety_net.quarantine.parts import Group

    Publish = Callable[[Kept, str], None]
    """Puts a message into a queue, and returns when the broker has it."""

__all__ = ["MOST", "BrowsedMessage", "browse_queues"]

MOST = 100_000
"""How many messages one look reads at the most."""


class BrowsedMessage(Protocol):
    """One message in its place, a queue."""

    kept: Kept
    place: str

    def move(self, queue: str) -> None:
        """Republish it without its note to `queue`, then delete it here."""
        ...

    def remove(self) -> None:
        """Take it away for good."""
        ...


@contextmanager
def browse_queues(
    connection: Any, group: Group, publish: Publish, most: int = MOST
) -> Iterator[list[BrowsedMessage]]:
    """Browse the messages in the queues of `group`, up to `most`, the oldest of each queue first."""
    channel = connection.default_channel
    match connection.transport.driver_type:
        case "redis":
            lists = RedisLists(channel)
            found = ((queue, each) for queue in group.queues for each in lists.read(queue, most))
            yield [_InList(lists, queue, key, raw) for queue, (key, raw) in islice(found, most)]
        case "embedded":
            folder = channel.spool.folder
            files = ((queue, each) for queue in group.queues for each in find_waiting(folder, queue))
            yield [
                _InFolder(channel, queue, name, raw, publish) for queue, (name, raw) in islice(files, most)
            ]
        case "amqp":
            with in_turn(connection, group.turn), taken(connection, group.queues, most) as messages:
                yield [_Taken(queue, message, publish) for queue, message in messages]
        case "sqs":
            with ExitStack() as stack:
                browsed: list[BrowsedMessage] = []
                for queue in group.queues:
                    held = stack.enter_context(sqs.taken(channel, queue, most - len(browsed)))
                    browsed += [_Taken(queue, each, publish, read_stored(each.raw, channel)) for each in held]
                yield browsed
        case _:
            with _got(channel, group.queues, most) as messages:
                yield [_Taken(queue, message, publish) for queue, message in messages]


class _InList:
    """A message in a list of Redis, where looking disturbs nothing and moving is one step."""

    def __init__(self, lists: RedisLists, place: str, key: str, raw: bytes) -> None:
        self.kept = read_stored(raw, lists.channel)
        self.place = place
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

    def __init__(self, channel: Any, place: str, name: str, raw: bytes, publish: Publish) -> None:
        self.kept = read_stored(raw, channel)
        self.place = place
        self._spool = channel.spool
        self._name = name
        self._publish = publish

    def move(self, queue: str) -> None:
        tag = self._spool.claim_named(self.place, self._name)
        if tag is None:
            return
        try:
            with _holding_signals():
                self._publish(self.kept, queue)
                self._spool.settle(tag)
        except BaseException:
            self._spool.give_back(tag)
            raise

    def remove(self) -> None:
        tag = self._spool.claim_named(self.place, self._name)
        if tag is not None:
            self._spool.settle(tag)


class _Taken:
    """A message that is taken for as long as the look lasts; the broker gives it back if we die."""

    def __init__(self, place: str, message: Any, publish: Publish, kept: Kept | None = None) -> None:
        self.kept = kept or read_kept(message)
        self.place = place
        self._message = message
        self._publish = publish

    def move(self, queue: str) -> None:
        with _holding_signals():
            self._publish(self.kept, queue)
            self._message.ack()

    def remove(self) -> None:
        self._message.ack()


@contextmanager
def _got(channel: Any, queues: Iterable[str], most: int) -> Iterator[list[tuple[str, Any]]]:
    """Browse the messages of another transport, each in its own way."""
    messages: list[tuple[str, Any]] = []
    try:
        for queue in queues:
            while len(messages) < most and (message := channel.basic_get(queue, no_ack=False)) is not None:
                messages.append((queue, channel.message_to_python(message)))
        yield messages
    finally:
        for _, message in messages:
            if not message.acknowledged:
                message.requeue()


@contextmanager
def _holding_signals() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back until the block has ended: sent and not taken off would be sent again."""
    held = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
