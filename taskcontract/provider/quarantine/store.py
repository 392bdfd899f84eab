"""Putting messages into the quarantine queue, looking at them, sending them back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from celery import states
from kombu import Connection, Exchange, Queue

from taskcontract.provider.quarantine.kept import NOTE_HEADER, PROPERTIES, Kept, Note, read_kept
from taskcontract.provider.reaching import explaining, reaching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from celery import Celery

__all__ = ["QUEUE", "Quarantine"]

QUEUE = "taskcontract.quarantine"
"""One for all services on a broker; a durable queue that nobody consumes."""

MOST = 100_000
"""How many messages one look at the quarantine reads at the most."""


class Quarantine:
    """The quarantine queue `name` on the broker of `app`."""

    def __init__(self, app: Celery, name: str = QUEUE) -> None:
        self._app = app
        self._queue = Queue(name, Exchange(""), routing_key=name, durable=True)
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, message: Any, note: Note) -> None:
        """Put a consumed kombu `message` into quarantine, whole; returns when the broker has it.

        A BrokerError means that it is not there: the message must not be acknowledged.
        """
        headers = {**(message.headers or {}), NOTE_HEADER: note.header()}
        properties = {name: message.properties[name] for name in PROPERTIES if message.properties.get(name)}
        self._publish(
            self._queue.name,
            message.body,
            message.content_type,
            message.content_encoding,
            headers,
            properties,
        )

    def look(self) -> list[Kept]:
        """Every kept message once, the oldest first; all stay where they are."""
        with self._taken() as taken:
            return _distinct([read_kept(message) for message in taken])

    def replay(self, chosen: Callable[[Kept], bool]) -> list[Kept]:
        """Send the `chosen` messages back to their queues; returns them.

        Each task id is sent once, however often it was kept, and not at all where its task has
        succeeded in the meantime: to replay again is harmless.
        """
        sent: dict[str, Kept] = {}
        with self._taken() as taken:
            for message in taken:
                kept = read_kept(message)
                if not chosen(kept):
                    continue
                if kept.id not in sent:
                    if not self._has_succeeded(kept):
                        self._send_back(kept)
                    sent[kept.id] = kept
                message.ack()
        return list(sent.values())

    def drop(self, chosen: Callable[[Kept], bool]) -> list[Kept]:
        """Remove the `chosen` messages for good; returns them."""
        dropped: list[Kept] = []
        with self._taken() as taken:
            for message in taken:
                kept = read_kept(message)
                if chosen(kept):
                    message.ack()
                    dropped.append(kept)
        return _distinct(dropped)

    def close(self) -> None:
        """Give back the connection, if one was made."""
        if self._connection is not None:
            self._connection.release()
            self._connection = None

    @contextmanager
    def _taken(self) -> Iterator[list[Any]]:
        """All waiting messages, taken and not acknowledged; what is not acknowledged goes back.

        Should this process die, the broker gives them back by itself.
        """
        with reaching(self._app, "the quarantine") as connection:
            channel = connection.default_channel
            queue: Any = self._queue(channel)
            queue.declare()
            taken: list[Any] = []
            while len(taken) < MOST and (message := queue.get(no_ack=False)) is not None:
                taken.append(message)
            try:
                yield taken
            finally:
                for message in taken:
                    if not message.acknowledged:
                        message.requeue()

    def _send_back(self, kept: Kept) -> None:
        headers = {name: value for name, value in kept.headers.items() if name != NOTE_HEADER}
        self._publish(
            kept.note.queue, kept.body, kept.content_type, kept.content_encoding, headers, kept.properties
        )

    def _has_succeeded(self, kept: Kept) -> bool:
        backend: Any = self._app.backend
        return bool(backend.get_state(kept.id) == states.SUCCESS)

    def _publish(
        self,
        queue: str,
        body: Any,
        content_type: str,
        encoding: str,
        headers: dict[str, Any],
        properties: dict[str, Any],
    ) -> None:
        connection = self._connection_of_our_own()
        with explaining(connection, "the quarantine"), self._given_up_after_errors():
            connection.ensure_connection(max_retries=2, interval_start=1)
            destination = (
                self._queue if queue == self._queue.name else Queue(queue, Exchange(""), routing_key=queue)
            )
            with connection.Producer(auto_declare=False) as producer:
                if destination is self._queue:
                    destination(producer.channel).declare()
                producer.publish(
                    body,
                    exchange="",
                    routing_key=queue,
                    content_type=content_type,
                    content_encoding=encoding,
                    headers=headers,
                    delivery_mode=2,
                    **properties,
                )

    def _connection_of_our_own(self) -> Any:
        """On RabbitMQ it waits for the broker's word on each message."""
        if self._connection is None:
            options = {**self._app.conf.broker_transport_options, "confirm_publish": True}
            self._connection = self._app.connection_for_write(transport_options=options)
        return self._connection

    @contextmanager
    def _given_up_after_errors(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


def _distinct(kept: list[Kept]) -> list[Kept]:
    """Each task id once: a message redelivered before its acknowledgement is kept again."""
    first: dict[str, Kept] = {}
    for each in sorted(kept, key=lambda each: each.note.at):
        first.setdefault(each.id, each)
    return list(first.values())
