"""Headers that are nested so deeply that the AMQP client cannot read them, and a way to send them."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["publish_deep"]


def publish_deep(channel: Any, queue: str, body: bytes, levels: int, **headers: Any) -> None:
    """Send `body` with these `headers` and one of so many `levels` to a `queue` of RabbitMQ's."""
    deep: Any = 1
    for _ in range(levels):
        deep = {"a": deep}
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 4 * levels)  # it is written by recursion as well
    try:
        message = channel.prepare_message(
            body, headers={"x": deep, **headers}, content_type="application/json"
        )
        channel.basic_publish(message, exchange="", routing_key=queue)
    finally:
        sys.setrecursionlimit(before)
