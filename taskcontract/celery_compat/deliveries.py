"""Where a delivered message came from.

Private: `kombu.Consumer._active_tags`, the queue of each consumer's tag, and `Channel._lookup` of kombu's
virtual transports, the queues that an exchange leads to. Without the one, or the other, a message's routing
key is taken for its queue, which it is wherever no exchange stands in between.
"""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["queue_of_tag", "queues_of_route"]


def queue_of_tag(consumer: Any, tag: Any) -> str:
    """Return the queue that the kombu `consumer` consumes under that tag; empty where none is known."""
    tags = getattr(consumer, "_active_tags", {})
    return next((str(queue) for queue, each in tags.items() if each == tag), "")


def queues_of_route(channel: Any, exchange: str, routing_key: str) -> list[str]:
    """Return the queues that kombu's `channel` puts a message into; one that leads nowhere makes no noise."""
    look_up = getattr(channel, "_lookup", None)
    if not exchange or look_up is None:
        return [routing_key]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an exchange that leads nowhere any more
        return [str(queue) for queue in look_up(exchange, routing_key)]
