"""What the embedded broker needs of kombu's virtual transport, which it is one of.

Private: `Transport._deliver`, which hands a message to its consumer, and `Transport._callbacks`, of which
each consumed queue has one. Without them nothing could be consumed: importing this raises a ConfigError,
where a connection is first made. `Channel._get_message_priority` is read from the message without it.
"""

from __future__ import annotations

from queue import Empty
from typing import TYPE_CHECKING, Any

from kombu.transport import virtual

from taskcontract.celery_compat.lacking import require

if TYPE_CHECKING:
    from collections.abc import KeysView, Mapping

__all__ = ["consumed_queues", "deliver_one", "priority_of"]

require(virtual.Transport, "_deliver", "_callbacks", needed_for="the embedded broker")

LOWEST, HIGHEST = 0, 9


def deliver_one(transport: Any) -> bool:
    """Give the next message of a consumed queue to its consumer; False where there is none."""
    try:
        transport.cycle.get(transport._deliver)
    except Empty:
        return False
    return True


def consumed_queues(transport: Any) -> KeysView[str]:
    """Return the queues that the channels of the transport consume now."""
    callbacks: dict[str, Any] = transport._callbacks or {}
    return callbacks.keys()


def priority_of(channel: Any, message: Mapping[str, Any]) -> int:
    """Return the priority, 0 to 9, that a message goes into its queue with."""
    find = getattr(channel, "_get_message_priority", None)
    if find is not None:
        return int(find(message))
    try:
        return max(LOWEST, min(HIGHEST, int(message["properties"]["priority"])))
    except (TypeError, ValueError, KeyError):
        return LOWEST
