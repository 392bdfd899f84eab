"""Which of RabbitMQ's queues can be looked into: a quorum queue drops what was given back too often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kombu import Connection, Queue

__all__ = ["is_classic"]

CLASSIC_ONLY = ("durable", "auto_delete", "exclusive", "x-max-priority")
"""What only a classic queue can have otherwise than it was asked for."""


def is_classic(connection: Connection, queue: Queue) -> bool:
    """Return whether RabbitMQ confirms that the existing `queue` is a classic one."""
    arguments = {**(queue.queue_arguments or {}), "x-queue-type": "classic"}
    channel: Any = connection.channel()
    try:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=arguments)
    except connection.channel_errors as error:
        return any(f"'{sign}'" in str(error) for sign in CLASSIC_ONLY)
    return True
