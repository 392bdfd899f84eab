"""Which queues a quarantine lies in: its own, and beside it as many parts as one message is looked for in.

No broker finds one message of a queue without reading it from its beginning. So the quarantine's own queue
takes the first few hundred messages alone, and each one behind them goes to the part that its id says:
a search for an id reads the queue and one part, however much is kept. What workers of an older release
keep is in the queue itself, and is read with it.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from kombu import Exchange, Queue

from taskcontract.brokers.depths import count_waiting
from taskcontract.brokers.sqs import SQS, make_queue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.safety_net.quarantine.kept import Kept

__all__ = ["FIRST", "PARTS", "Group", "Parts", "are_found"]

PARTS = 256
"""How many there are: a look for one id reads so much less, and a look for all opens so many queues more."""

FIRST = 250
"""Messages that lie in the queue itself before the parts are used: few quarantines ever have more."""

ASKED_EVERY = 20
"""Messages that are kept before the queue's length is asked for again: several workers fill it."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""What Celery's own ids look like."""

FORM = "00000000-0000-0000-0000-000000000000"
SHORTEST = 8
"""Characters of such an id that say which part it is in: fewer may begin ids of several."""


class Group(NamedTuple):
    """The queue itself, or up to 16 parts; `turn` is the turn of whichever process reads one (RabbitMQ)."""

    turn: str
    queues: tuple[str, ...]


class Parts:
    """The queues of the quarantine `name`, and what is known of them on one connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._parts = [f"{name}.{number:02x}" for number in range(PARTS)]
        self._connection: Any = None
        self._good_for = 0
        self._is_full = False
        self._is_made = False

    def __contains__(self, queue: str) -> bool:
        return queue == self.name or queue in self._parts

    def find_all(self, connection: Any) -> list[str]:
        """Return every queue that may have messages."""
        return self._find(connection, [self.name, *self._parts])

    def group(self, queues: Iterable[str]) -> list[Group]:
        """Return the `queues`, in groups of those that are looked at in one go."""
        grouped = groupby(queues, lambda queue: queue[: len(self.name) + 2])
        return [Group(f"{start}.turn", tuple(members)) for start, members in grouped]

    def find_for(self, connection: Any, begun: Iterable[str]) -> list[str]:
        """Return the queues of the messages whose ids equal or begin with one of `begun`: see `are_found`."""
        wanted = {self.name}
        for text in begun:
            wanted.add(self._part_of(text))
            if _begins_uuid(text):
                wanted.add(self._part_of_uuid(text))
        return self._find(connection, sorted(wanted))

    def choose(self, connection: Any, task_id: str) -> str:
        """Return the queue for one more message, of that id; it exists on the broker from now on."""
        if connection is not self._connection:
            self._connection, self._good_for, self._is_made = connection, 0, False
        if not self._good_for:
            (waiting,) = count_waiting(connection, [self.name])
            if waiting is None:
                _declare(connection, [self.name])
            can_part = connection.transport.driver_type in ("amqp", "redis", "embedded")
            self._is_full = can_part and (waiting or 0) >= FIRST
            self._good_for = ASKED_EVERY
        self._good_for -= 1
        if not self._is_full or not self._make(connection):
            return self.name
        return self._part_of_uuid(task_id) if UUID.fullmatch(task_id) else self._part_of(task_id)

    def count(self, connection: Any) -> int:
        """Return how many messages are kept, without reading any; on RabbitMQ without those being browsed."""
        return sum(count or 0 for count in count_waiting(connection, self.find_all(connection)))

    def _find(self, connection: Any, queues: list[str]) -> list[str]:
        """Return those of `queues`, of which the quarantine's own is the first, that may have messages."""
        match connection.transport.driver_type:
            case "redis" | "embedded":
                counts = zip(queues, count_waiting(connection, queues), strict=True)
                return [queue for queue, count in counts if count]
            case "amqp" if count_waiting(connection, self._parts[-1:])[0] is not None:
                return queues
        return queues[:1]

    def _make(self, connection: Any) -> bool:
        """Return whether the parts are there, or could be made: a user may be allowed none."""
        if not self._is_made:
            try:
                # The last one is made last: where it is, all are.
                if count_waiting(connection, self._parts[-1:])[0] is None:
                    _declare(connection, self._parts)
            except connection.channel_errors:
                self._is_full = False
                return False
            self._is_made = True
        return True

    def _part_of(self, text: str) -> str:
        digest = blake2b(text.encode(errors="surrogatepass"), digest_size=4).digest()
        return self._parts[int.from_bytes(digest) % PARTS]

    def _part_of_uuid(self, text: str) -> str:
        return self._part_of(text[:SHORTEST])


def are_found(begun: Iterable[str], kept: Iterable[Kept]) -> bool:
    """Return whether those `kept` in the queues of `find_for` are all whose ids are, or begin with, `begun`.

    An id that is there whole is meant. One of Celery's own, and 8 characters of it, say where all such ones
    lie. Any other text may begin an id that is elsewhere: each queue has to be read.
    """
    ids = {each.id for each in kept}
    return all(
        UUID.fullmatch(text)
        or text in ids
        or (_begins_uuid(text) and any(each.startswith(text) for each in ids))
        for text in begun
    )


def _begins_uuid(text: str) -> bool:
    return SHORTEST <= len(text) <= len(FORM) and UUID.fullmatch(text + FORM[len(text) :]) is not None


def _declare(connection: Any, queues: list[str]) -> None:
    if connection.transport.driver_type == SQS:
        for name in queues:
            make_queue(connection.default_channel, name)
        return
    # Looking at a queue of RabbitMQ gives its messages back. One that counts how often (a quorum queue, which
    # is the default of some brokers) drops what was looked at too often.
    kind = {"x-queue-type": "classic"}
    for name in queues:
        queue = Queue(name, Exchange(""), routing_key=name, durable=True, queue_arguments=kind)
        queue(connection.default_channel).declare()
