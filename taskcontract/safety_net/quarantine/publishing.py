"""Putting a message into a queue and knowing that the broker has it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from amqp.exceptions import MessageNacked

from taskcontract.brokers.connections import explaining
from taskcontract.brokers.sqs import SQS, find_queue, keep_plain, refuses_for_good
from taskcontract.celery_compat.amqp_sizes import size_of_headers
from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from celery import Celery
    from kombu import Connection

__all__ = ["Publisher", "explain_missing", "is_too_large", "refuses_message"]

T = TypeVar("T")

CONFIRMED_WITHIN = 10
"""Seconds that RabbitMQ may take to say that it has a message."""

NO_ROUTE = 312
"""RabbitMQ's word for a message that leads to no queue."""

OF_THE_MESSAGE = (406, 501, 502)
"""RabbitMQ's words for a message that is too large, or is not well formed."""

FRAME_OVERHEAD = 22
"""Bytes of a frame with a message's headers that are not theirs."""


def explain_missing(queue: str) -> BrokerError:
    """Return the error for a queue that the broker does not have."""
    return BrokerError(
        f"the broker has no queue {queue!r}: nothing was sent there",
        do="Start a worker that consumes it, or name another queue.",
    )


def refuses_message(error: BaseException | None) -> bool:
    """Return whether a failed publication is the message's own fault: no other attempt would go better."""
    if is_too_large(error):
        return True
    while error is not None:
        if getattr(error, "reply_code", None) in OF_THE_MESSAGE:
            return True
        error = error.__cause__
    return False


def is_too_large(error: BaseException | None) -> bool:
    """Return whether a broker that bounds whole messages may take this one when its body is smaller."""
    while error is not None:
        if refuses_for_good(error):
            return True
        error = error.__cause__
    return False


class Publisher:
    """Publishes on a connection of its own to the broker of `app`; RabbitMQ confirms each message."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None
        self._lock = Lock()

    def publish(
        self, message: Mapping[str, Any], queue: str, *, choose: Callable[[Any], str] | None = None
    ) -> None:
        """Put `message` (the fields of kombu's `prepare_message`) into `queue`.

        Returns when the broker has it. A BrokerError means that it is not there: the broker is away or
        full, or has no such queue. `choose` is asked, with the connection, for the queue to take instead.
        """
        with self._lock:  # the worker's timer may publish from a thread of its own
            self._publish(message, queue, choose)

    def ask(self, question: Callable[[Any], T]) -> T:
        """Return the result of `question` on the connection; raise a BrokerError if the broker is away."""
        with self._lock:
            connection = self._open()
            with explaining(connection, "the quarantine"), self._given_up_after_errors(""):
                connection.ensure_connection(max_retries=2, interval_start=1)
                return question(connection)

    def _publish(self, message: Mapping[str, Any], queue: str, choose: Callable[[Any], str] | None) -> None:
        connection = self._open()
        fields = {name: value for name, value in message.items() if name != "properties"}
        with explaining(connection, "the quarantine"), self._given_up_after_errors(queue):
            connection.ensure_connection(max_retries=2, interval_start=1)
            if choose is not None:
                queue = choose(connection)
            elif connection.transport.driver_type == SQS and not find_queue(
                connection.default_channel, queue
            ):
                raise explain_missing(queue)
            _check_frame(connection, message)
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

    def _open(self) -> Any:
        if self._connection is None:
            options = {**self._app.conf.broker_transport_options, "confirm_publish": True}
            connection: Any = self._app.connection_for_write(transport_options=options)
            if connection.transport.driver_type == SQS:
                keep_plain(connection)
            self._connection = connection
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
                raise explain_missing(queue) from error
            raise


def _check_frame(connection: Any, message: Mapping[str, Any]) -> None:
    """Raise a ValueError for headers larger than a frame of RabbitMQ's, which would end the connection."""
    frame = getattr(connection.connection, "frame_max", 0)
    if not frame:
        return
    size = size_of_headers(connection.default_channel, message) + FRAME_OVERHEAD
    if size > frame:
        raise ValueError(f"its headers have {size} bytes, and a frame {frame}")
