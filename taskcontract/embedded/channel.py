"""The Kombu channel of `embedded://`: AMQP's verbs over the files of a folder."""

from __future__ import annotations

import os
from queue import Empty
from typing import TYPE_CHECKING, Any, cast

from kombu.log import get_logger
from kombu.utils.json import dumps, loads

from taskcontract.celery_compat.any_message import AnyMessage
from taskcontract.celery_compat.virtual_transport import priority_of
from taskcontract.embedded.exchanges import ExchangeChannel
from taskcontract.embedded.location import FolderLostError
from taskcontract.embedded.names import count_redeliveries, encode_name
from taskcontract.embedded.process_lock import find_process_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from kombu.transport import virtual

    from taskcontract.embedded.connection import FolderConnection

logger = get_logger(__name__)

_DEFAULT_TERM = 60.0


class Channel(ExchangeChannel):
    """Publishes, consumes, acknowledges. The delivery tag is the place of the claimed message's file."""

    supports_fanout = True
    Message = AnyMessage

    def __init__(self, connection: FolderConnection, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        # Kept here too: a closed channel has no connection, and a late acknowledgement comes nevertheless.
        self.spool = connection.spool
        self._leases = connection.leases
        self._terms = connection.terms
        self._process = os.getpid()
        self._exclusive: set[str] = set()

    # Messages

    def encode_body(self, body: Any, encoding: str | None = None) -> tuple[Any, str]:
        """Leave text as it is: only bytes need base64 to travel in JSON."""
        if isinstance(body, bytes):
            return super().encode_body(body, "base64")
        return body, "utf-8"

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        self.spool.put(queue, dumps(message).encode(), priority_of(self, message))

    def _put_fanout(self, exchange: str, message: dict[str, Any], _routing_key: str, **_: Any) -> None:
        data = dumps(message).encode()
        priority = priority_of(self, message)
        for binding in self._routes.read_bindings(exchange):
            # A queue that was removed by hand is skipped, not created again without a consumer.
            self.spool.put_if_exists(binding.queue, data, priority)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        try:
            claimed = self.spool.claim(queue)
        except FileNotFoundError:
            self._declare_again(queue)
            raise Empty from None
        if claimed is None:
            raise Empty
        tag, data = claimed
        try:
            payload = loads(data)
            payload["properties"]["delivery_tag"] = tag
            payload["properties"]["delivery_info"]["redelivered"] = count_redeliveries(tag) > 0
        except Exception:  # nested beyond what Python reads, a value that kombu's JSON cannot make, ...
            kept = self.spool.discard_broken(tag)
            logger.error("Queue %r held a file that is not a message; it lies in %s now.", queue, kept)
            raise Empty from None
        return cast("dict[str, Any]", payload)

    def basic_consume(
        self,
        queue: str,
        no_ack: bool,
        callback: Callable[..., Any] | None,
        consumer_tag: str | None,
        **kwargs: Any,
    ) -> str:
        """Consume from a queue; without acknowledgements a message is settled before its callback runs."""
        self._renew_lease(queue)

        def settle_first(message: virtual.Message) -> Any:
            self._settle_unseen(message)
            return callback(message) if callback else None

        chosen = settle_first if no_ack else callback
        return super().basic_consume(queue, no_ack, chosen, consumer_tag, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> virtual.Message | None:
        """Take one message, or None."""
        message = super().basic_get(queue, no_ack, **kwargs)
        if message is not None and no_ack:
            self._settle_unseen(message)
        return message

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Forget a message that was dealt with; safe from any thread."""
        super().basic_ack(delivery_tag, multiple)
        self._settle(delivery_tag)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Refuse a message: back to its place in the queue, or gone."""
        super().basic_reject(delivery_tag, requeue)
        if not requeue:
            self._settle(delivery_tag)

    def _settle(self, tag: str) -> None:
        """Acknowledge a message that was processed; as with a server, the caller does not wait for it."""
        try:
            self.spool.settle(tag)
        except FolderLostError as error:
            logger.warning("A message is acknowledged when the folder is back (%s): %s", error.what, tag)

    def _settle_unseen(self, message: virtual.Message) -> None:
        """Settle a message before its consumer has it, which must have it later where that fails."""
        try:
            self.spool.settle(str(message.delivery_tag))
        except BaseException:
            self.spool.give_back(str(message.delivery_tag))
            raise

    def _restore(self, message: virtual.Message) -> None:
        self.spool.give_back(str(message.delivery_tag))

    # Queues

    def prepare_queue_arguments(
        self, arguments: dict[str, Any] | None, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Keep a queue's `expires` (in seconds), in RabbitMQ's spelling (in milliseconds)."""
        expires = kwargs.get("expires")
        return {**(arguments or {}), **({} if expires is None else {"x-expires": int(expires * 1000)})}

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        self.spool.create(queue)
        expires = (kwargs.get("arguments") or {}).get("x-expires")
        if expires or kwargs.get("auto_delete"):
            term = expires / 1000 if expires else _DEFAULT_TERM
            self._terms[queue] = term
            if not self._leases.touch(queue):
                self._leases.grant(queue, term)
        if kwargs.get("exclusive"):
            self._exclusive.add(queue)

    def _declare_again(self, queue: str) -> None:
        """Create a queue that another process removed, with its bindings, since this channel uses it."""
        logger.warning("Queue %r does not exist, or not any more: it is created.", queue)
        self.spool.create(queue)
        self._renew_lease(queue)
        for exchange, routing_key, arguments in list(self.state.queue_bindings(queue)):
            self.exchange_declare(exchange, self.typeof(exchange).type or "direct")
            self._bind(queue, exchange, routing_key, arguments)

    def _renew_lease(self, queue: str) -> None:
        term = self._terms.get(queue)
        if term is not None:
            self._leases.grant(queue, term, find_process_lock(self.spool.folder).name)

    def _has_queue(self, queue: str, **_: Any) -> bool:
        return self.spool.exists(queue)

    def _size(self, queue: str) -> int:
        return self.spool.size(queue)

    def _purge(self, queue: str) -> int:
        return self.spool.purge(queue)

    def queue_delete(self, queue: str, if_unused: bool = False, if_empty: bool = False, **_: Any) -> int:
        """Remove a queue, what waits in it and all bindings to it; give the number of messages that went."""
        size = self._size(queue)
        if if_empty and size:
            return 0
        self.state.queue_bindings_delete(queue)
        self._terms.pop(queue, None)
        self._leases.cancel(queue)
        self._routes.forget_queue(encode_name(queue))
        self.spool.delete(queue)
        return size

    def close(self) -> None:
        """Give back what is not acknowledged and remove exclusive queues; nothing in a forked child."""
        if self._process != os.getpid():
            self.closed = True
        elif not self.closed:
            super().close()
            for queue in self._exclusive:
                self.queue_delete(queue)
