"""Messages sent and received with Kombu alone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from kombu import Connection, Consumer, Producer, Queue

if TYPE_CHECKING:
    from kombu.message import Message

__all__ = ["drain", "publish", "receive"]


def publish(connection: Connection, queue: Queue, *bodies: Any, **options: Any) -> None:
    producer = Producer(connection.channel(), serializer="json")
    given = {
        "exchange": queue.exchange,
        "routing_key": queue.routing_key or queue.name,
        "declare": [queue],
        **options,
    }
    for body in bodies:
        producer.publish(body, **given)


def receive(connection: Connection, *queues: Queue) -> list[Any]:
    """Give the bodies of all messages that come until none comes for a while."""
    bodies: list[Any] = []

    def keep(body: Any, message: Message) -> None:
        bodies.append(body)
        message.ack()

    with Consumer(connection.channel(), list(queues), callbacks=[keep], accept=["json", "pickle"]):
        drain(connection)
    return bodies


def drain(connection: Connection) -> None:
    """Take messages until none comes for a while."""
    with contextlib.suppress(TimeoutError):
        while True:
            connection.drain_events(timeout=0.05)
