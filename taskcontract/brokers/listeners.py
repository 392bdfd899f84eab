"""Which workers listen to questions, where the broker itself can say: then nobody else need be waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AllAnswered", "list_listeners", "stop_after"]

SHARED = frozenset({"redis", "embedded"})
"""Transports, by `driver_type`, whose table of bindings is that of all processes on the broker.

An AMQP server tells no client who is bound to an exchange, and other transports of kombu know their own
process alone.
"""


class AllAnswered(Exception):  # noqa: N818 - no error: it ends the waiting
    """All workers that listen have answered."""


def list_listeners(connection: Any, mailbox: Any) -> frozenset[str] | None:
    """Return the names of the workers whose `mailbox` is bound on the broker; None where that is not known.

    One that died without a word may be among them.
    """
    if getattr(connection.transport, "driver_type", None) not in SHARED:
        return None
    try:
        rows = connection.default_channel.get_table(mailbox.exchange.name)
    except LookupError:  # nobody has declared the exchange yet
        return None
    ending = f".{mailbox.exchange.name}"
    queues = [str(row[-1]) for row in rows]
    return frozenset(queue.removesuffix(ending) for queue in queues if queue.endswith(ending)) or None


def stop_after(names: frozenset[str], answers: list[dict[str, Any]]) -> Callable[[dict[str, Any]], None]:
    """Return what takes each answer, into `answers`, and raises AllAnswered with the last of `names`."""
    left = set(names)

    def take(reply: dict[str, Any]) -> None:
        answers.append(reply)
        left.difference_update(reply)
        if not left:
            raise AllAnswered

    return take
