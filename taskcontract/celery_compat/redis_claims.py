"""Redis without the gap between taking a message and noting who has it.

Kombu pops a message with BRPOP, and notes it as unacknowledged with a second command. What a worker has
popped is gone if the worker is killed, or Redis is restarted, in between: at most one message per worker
each time, but lost. Here Redis does both in one step.

Private: of Kombu's Redis transport, the names in NEEDED, around which its reading of a queue is built. Where
a version lacks one, its transport stays as it is: with that gap, of which the worker's log tells. redis-py's
and Kombu's way to renew credentials (`_flush_brpop_reauth`, from Kombu 5.6 on) is taken where it is there.
"""

from __future__ import annotations

import json
import logging
import re
import time
from importlib import import_module
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.utils.encoding import bytes_to_str
from kombu.utils.json import dumps, loads

from taskcontract.celery_compat.any_message import AnyMessage
from taskcontract.celery_compat.claim_script import CLAIM
from taskcontract.celery_compat.lacking import say_lacking
from taskcontract.celery_compat.redis_notes import ClaimingQoS, as_body

__all__ = ["PASSING", "ClaimingTransport", "claim_in_one_step"]

# What is needed of it is in no stub.
redis: Any = import_module("kombu.transport.redis")

logger = logging.getLogger("taskcontract.safety_net")

PASSING = re.compile(r"(?:^|-)(?:OOM|MISCONF|READONLY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|BUSY) ")
"""How Redis says that it takes no changes for now: first or, before Redis 7, within what it says of
a script. That its memory is full is an error class, too."""

NAMES = ("redis", "rediss")
"""Kombu's transports that claim in one step once they are told to."""

NEEDED: dict[str, tuple[str, ...]] = {
    "Channel": (
        "_brpop_read",
        "_brpop_start",
        "_do_restore_message",
        "_fanout_queues",
        "_in_poll",
        "_lookup",
        "_q_for_pri",
        "_update_queue_cycle",  # which keeps `_queue_cycle`
    ),
    "QoS": ("_remove_from_indices", "append", "restore_by_tag"),
    "Transport": ("_deliver",),
}

LONGEST_WAIT = 0.1
"""Seconds to wait at one queue while others, or messages of another priority, may come."""


class ClaimingChannel(redis.Channel):  # type: ignore[misc]
    """Kombu's channel, except that consuming with acknowledgements claims.

    It falls back to BRPOP on a Redis older than 6.2, which cannot wait without popping.
    """

    QoS = ClaimingQoS
    Message = AnyMessage

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_claimed = False
        self._claims: bool | None = None
        self._is_dry = True
        self._sent_wait = False
        self._said_at = float("-inf")

    def basic_consume(self, queue: str, no_ack: bool = False, *args: Any, **kwargs: Any) -> Any:
        """Consume; unacknowledged messages are popped as usual, since nothing would remove their notes."""
        if no_ack and queue not in self._fanout_queues:
            self._claims = False
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def _brpop_start(self, timeout: float | None = None) -> None:
        if self._claims is None:
            self._claims = self._can_wait()
        if not self._claims:
            super()._brpop_start(timeout)
            return
        queues = self._queue_cycle.consume(len(self.active_queues))
        if not queues:
            return
        prefix = self.global_keyprefix
        places = [(self._q_for_pri(queue, rank), queue) for rank in self.priority_steps for queue in queues]
        lists = [f"{prefix}{place}" for place, _ in places]
        keys = [f"{prefix}{self.unacked_key}", f"{prefix}{self.unacked_index_key}", *lists]
        claim = ("EVAL", CLAIM, len(keys), *keys, time.time(), uuid4().hex, *(queue for _, queue in places))
        # Moving the last message to where it is wakes up without taking it.
        wait = ("BLMOVE", lists[0], lists[0], "RIGHT", "RIGHT", LONGEST_WAIT)
        connection = self.client.connection
        self._in_poll = connection
        self._brpop_sent_at = time.monotonic()  # which newer versions of Kombu ask
        self._sent_wait = self._is_dry
        connection.send_packed_command(connection.pack_commands([wait, claim] if self._is_dry else [claim]))

    def _brpop_read(self, **options: Any) -> Any:
        if not self._claims:
            return super()._brpop_read(**options)
        self.is_claimed = True
        try:
            waited = self._wait_is_over()
            claimed = self._read_claim(**options)
            self._is_dry = not claimed
            if claimed is None:
                if not waited:
                    time.sleep(LONGEST_WAIT)
                raise Empty
            place, item = claimed
            queue = bytes_to_str(place).rsplit(self.sep, 1)[0]
            self._queue_cycle.rotate(queue)
            self.connection._deliver(self._read_item(bytes_to_str(item), queue), queue)
            return True
        finally:
            self._in_poll = None
            self.is_claimed = False
            renew_credentials = getattr(self, "_flush_brpop_reauth", None)
            if renew_credentials is not None:
                renew_credentials()

    def _wait_is_over(self) -> bool:
        """Read the answer to the wait, if one was sent; False where Redis does not wait, as it is full."""
        if not self._sent_wait:
            return True
        self._sent_wait = False
        return self._read_answer("BLMOVE")[0]

    def _read_claim(self, **options: Any) -> Any:
        """Return the list and the item that were claimed, or None."""
        return self._read_answer("BRPOP", **options)[1]

    def _read_answer(self, command: str, **options: Any) -> tuple[bool, Any]:
        """Return whether Redis did what `command` asked, and its answer; False while it takes no changes."""
        try:
            return True, self.client.parse_response(self.client.connection, command, **options)
        except self.connection_errors:
            self._in_poll = None
            self.client.connection.disconnect()
            raise
        except self.ResponseError as error:
            if not (type(error).__name__ == "OutOfMemoryError" or PASSING.search(str(error))):
                raise
            if time.monotonic() > self._said_at + 60:
                self._said_at = time.monotonic()
                logger.error("Redis takes no changes for now; waiting for it: %s", error)
            return False, None

    def _read_item(self, item: str, queue: str) -> Any:
        """Return the message in a claimed `item` of `queue`; an unreadable one becomes a body."""
        try:
            return loads(item)
        except Exception:  # a value that kombu's JSON cannot make: Redis' own has read it
            payload = as_body(item, json.loads(item)["properties"]["delivery_tag"], queue)
            with self.conn_or_acquire() as client:
                noted = dumps([payload, "", queue])
                client.hset(self.unacked_key, payload["properties"]["delivery_tag"], noted)
            return payload

    def _do_restore_message(self, payload: Any, *args: Any, **kwargs: Any) -> None:
        """Put an unacknowledged message back; kombu would drop one whose headers are an empty list."""
        if not isinstance(payload.get("headers"), dict):
            payload["headers"] = {}
        super()._do_restore_message(payload, *args, **kwargs)

    def _can_wait(self) -> bool:
        try:
            with self.conn_or_acquire() as client:
                version = str(client.info("server").get("redis_version", "0"))
        except self.ResponseError:  # a server that does not say, or a user who may not ask
            return False
        return tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) >= (6, 2)


class _NamedRedis(type):
    """Kombu prints a connection's class where its URL begins."""

    def __str__(cls) -> str:
        return "redis"


class ClaimingTransport(redis.Transport, metaclass=_NamedRedis):  # type: ignore[misc]
    """Kombu's transport with channels that claim."""

    Channel = ClaimingChannel


def claim_in_one_step(connection: Any) -> None:
    """Let the kombu `connection`, one to Redis that is not made yet, take messages and note them in one step.

    The server that it turns to where one is away is such a Redis, too. Nothing happens where kombu lacks what
    is needed.
    """
    lacking = [
        said for name, needed in NEEDED.items() if (said := say_lacking(getattr(redis, name), *needed))
    ]
    if lacking:
        logger.warning("a worker that is killed may lose a message of Redis: %s", "; ".join(lacking))
        return
    switch = connection.switch

    def switch_and_claim(url: str) -> None:
        switch(url)
        _claim(connection)

    connection.switch = switch_and_claim
    _claim(connection)


def _claim(connection: Any) -> None:
    if connection.transport_cls in NAMES:
        connection.transport_cls = ClaimingTransport
