"""Taking many messages of a queue of RabbitMQ at once.

Private and undocumented: `amqp.Channel._on_get_ok`, which makes a message of an answer, and `wait`, whose
option `returns_tuple` gives that answer. Without the first, one message is asked for after the other.
"""

from __future__ import annotations

from typing import Any

from amqp import spec
from amqp.exceptions import NotFound

__all__ = ["get_many"]

AHEAD = 200
"""Messages that are asked for before the first of them has come."""


def get_many(channel: Any, queue: str, most: int) -> list[Any]:
    """Return up to `most` messages of a queue, until nothing is left; none of a queue that is not there."""
    if not hasattr(channel, "_on_get_ok"):
        return _get_each(channel, queue, most)
    found: list[Any] = []
    asked, left, is_empty = 0, 1, False
    while True:
        while not is_empty and asked < min(AHEAD, left) and len(found) + asked < most:
            channel.send_method(spec.Basic.Get, "Bsb", (0, queue, False))
            asked += 1
        if not asked:
            return found
        try:
            answer = channel.wait([spec.Basic.GetOk, spec.Basic.GetEmpty], returns_tuple=True)
        except NotFound:
            return found
        asked -= 1
        if len(answer) < 2:
            is_empty = True
        else:
            *_, behind, _ = answer
            # Ask once more than it says are left: only an empty answer proves that none is left.
            left = behind + 1
            found.append(channel.message_to_python(channel._on_get_ok(*answer)))


def _get_each(channel: Any, queue: str, most: int) -> list[Any]:
    found: list[Any] = []
    try:
        while len(found) < most and (message := channel.basic_get(queue, no_ack=False)) is not None:
            found.append(channel.message_to_python(message))
    except NotFound:
        pass
    return found
