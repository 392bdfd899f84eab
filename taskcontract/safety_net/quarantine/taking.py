"""Looking at a queue of RabbitMQ: its messages are taken for as long as the look lasts, and given back.

While one operator has them, they are hidden from any other: so each waits for their turn.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amqp.exceptions import ChannelError, ResourceLocked

from taskcontract.celery_compat.amqp_get import get_many
from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PATIENCE", "in_turn", "taken"]

PATIENCE = 60.0
"""Seconds to wait for another operator: sending thousands of messages back may take longer."""

FIRST_WAIT, LONGEST_WAIT = 0.02, 0.5
"""Seconds between two attempts. RabbitMQ writes each that fails into its log."""


@contextmanager
def in_turn(connection: Any, name: str) -> Iterator[None]:
    """Be the only operator that has the turn `name`; a BrokerError where another one has it for too long.

    The turn is a queue that only one connection can have. It ends with that connection, whatever ends it.
    """
    with connection.channel() as channel:
        is_ours = _wait_for(channel, name)
        yield
        if is_ours:
            channel.queue_delete(name)


def _wait_for(channel: Any, name: str) -> bool:
    """Return whether there are turns: a user who may not make the queue for them works without."""
    until = time.monotonic() + PATIENCE
    wait = FIRST_WAIT
    while True:
        try:
            channel.queue_declare(name, exclusive=True, durable=False, auto_delete=False)
        except ResourceLocked:
            if time.monotonic() > until:
                raise BrokerError(
                    "another operator is at work on the quarantine: what they look at is hidden meanwhile",
                    do="Try again when they are done.",
                ) from None
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        except ChannelError:
            return False
        else:
            return True


@contextmanager
def taken(connection: Any, queues: Iterable[str], most: int) -> Iterator[list[tuple[str, Any]]]:
    """Up to `most` messages of `queues`, each with its queue: taken and not acknowledged.

    Behind the block they are given back, all at once by closing their channel, which RabbitMQ answers when
    they are there again. Rejected, they would come one by one, some time after the last of them was sent:
    with 10,000 the broker is busy for minutes, as it looks for the place of each.
    """
    channel = connection.channel()
    messages: list[tuple[str, Any]] = []
    for queue in queues:
        messages += [(queue, message) for message in get_many(channel, queue, most - len(messages))]
    try:
        yield messages
    finally:
        channel.close()
