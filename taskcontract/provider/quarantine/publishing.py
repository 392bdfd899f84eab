"""Putting a message into a queue and knowing that the broker has it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from amqp.exceptions import MessageNacked

from taskcontract.errors import BrokerError
from taskcontract.provider.reaching import explaining

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from celery import Celery
    from kombu import Connection, Queue

__all__ = ["Publisher", "exists"]

CONFIRMED_WITHIN = 10
"""Seconds that RabbitMQ may take to say that it has a message."""

NO_ROUTE = 312
"""RabbitMQ's word for a message that leads to no queue."""


def exists(connection: Any, queue: Queue) -> bool:
    """Whether the broker of the open `connection` has a queue of that name, of whatever kind."""
    with connection.channel() as channel:
        try:
            channel.queue_declare(queue.name, passive=True)
        except connection.channel_errors:
            return False
    return True


class Publisher:
    """Publishes on a connection of its own to the broker of `app`; RabbitMQ confirms each message."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None
        self._declared: set[str] = set()
        self._lock = Lock()

    def publish(self, message: Mapping[str, Any], queue: str, *, declare: Queue | None = None) -> None:
        """Put `message` (the fields of kombu's `prepare_message`) into `queue`.

        Returns when the broker has it. A BrokerError means that it is not there: the broker is away or
        full, or has no such queue. `declare` is made first, unless a queue of that name exists.
        """
        with self._lock:  # the worker's timer may publish from a thread of its own
            self._publish(message, queue, declare)

    def _publish(self, message: Mapping[str, Any], queue: str, declare: Queue | None) -> None:
        connection = self._open()
        fields = {name: value for name, value in message.items() if name != "properties"}
        with explaining(connection, "the quarantine"), self._given_up_after_errors(queue):
            connection.ensure_connection(max_retries=2, interval_start=1)
            if declare is not None and declare.name not in self._declared:
                if not exists(connection, declare):
                    declare(connection.default_channel).declare()
                self._declared.add(declare.name)
            with connection.Producer(auto_declare=False) as producer:
                producer.publish(
                    **fields,
                    **message["properties"],
                    exchange="",
                    routing_key=queue,
                    mandatory=True,
                    timeout=CONFIRMED_WITHIN,
                )

    def close(self) -> None:
        """Give back the connection, if one was made."""
        if self._connection is not None:
            self._connection.release()
            self._connection = None
            self._declared.clear()

    def _open(self) -> Any:
        if self._connection is None:
            options = {**self._app.conf.broker_transport_options, "confirm_publish": True}
            self._connection = self._app.connection_for_write(transport_options=options)
        return self._connection

    @contextmanager
    def _given_up_after_errors(self, queue: str) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if isinstance(error, MessageNacked):  # the connection is as good as before
                raise BrokerError(
                    f"the queue {queue!r} takes no more messages",
                    do="Raise its limit, or have a worker empty it.",
                ) from error
            self.close()
            if getattr(error, "reply_code", None) == NO_ROUTE:
                raise BrokerError(
                    f"the broker has no queue {queue!r}: nothing was sent there",
                    do="Start a worker that consumes it, or name another queue.",
                ) from error
            raise
