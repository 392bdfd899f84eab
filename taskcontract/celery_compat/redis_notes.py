"""The notes that Kombu's Redis transport keeps of messages that are not acknowledged, and how they go back.

Private: `QoS._remove_from_indices`, and of the channel `_lookup` and `_q_for_pri`; see `redis_claims`, which
uses this only where they are there.
"""

from __future__ import annotations

import logging
import re
from importlib import import_module
from typing import Any
from uuid import uuid4

from kombu.transport import virtual
from kombu.utils.encoding import bytes_to_str
from kombu.utils.json import dumps, loads

from taskcontract.celery_compat.any_message import MALFORMED

__all__ = ["ClaimingQoS", "as_body"]

# What is needed of it is in no stub.
redis: Any = import_module("kombu.transport.redis")

logger = logging.getLogger("taskcontract.safety_net")

ROUTE = re.compile(r',\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")\]$')
"""The end of a noted message: its exchange and routing key. What stands before it may be beyond reading."""


class ClaimingQoS(redis.QoS):  # type: ignore[misc]
    """Knows that a claimed message is noted already."""

    def append(self, message: Any, delivery_tag: str) -> None:
        """Note a delivered message."""
        if self.channel.is_claimed:
            virtual.QoS.append(self, message, delivery_tag)
        else:
            super().append(message, delivery_tag)

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """Give a message back to its queue; one that cannot be read goes back as the text of another one.

        Otherwise no worker could start as long as it is noted.
        """
        try:
            super().restore_by_tag(tag, client, leftmost)
        except Exception as error:  # nested too deeply, a value that kombu's JSON cannot make, ...
            lost = (*self.channel.connection_errors, *self.channel.connection.client.channel_errors)
            # A KeyError is among them, which a note of another form raises as well.
            if isinstance(error, lost) and not isinstance(error, MALFORMED):
                raise
            with self.channel.conn_or_acquire(client) as own:
                own.transaction(lambda pipe: self._restore_as_text(pipe, tag), self.unacked_key)

    def _restore_as_text(self, pipe: Any, tag: Any) -> None:
        noted = bytes_to_str(pipe.hget(self.unacked_key, tag) or b"")
        pipe.multi()
        route = ROUTE.search(noted)
        if route is None:
            logger.error("the note %r of Redis is not a message; it stays in %s", tag, self.unacked_key)
            pipe.zrem(self.unacked_index_key, tag)
            return
        self._remove_from_indices(tag, pipe)
        exchange, key = map(loads, route.groups())
        for queue in self.channel._lookup(exchange, key):
            payload = as_body(noted[1 : route.start()], uuid4().hex, queue)
            pipe.rpush(self.channel._q_for_pri(queue, 0), dumps(payload))


def as_body(item: str, tag: str, queue: str) -> dict[str, Any]:
    """Return a message to `queue` that has the text of another one as its body."""
    return {
        "body": item,
        "content-type": "application/octet-stream",
        "content-encoding": "utf-8",
        "headers": {},
        "properties": {"delivery_tag": tag, "delivery_info": {"exchange": "", "routing_key": queue}},
    }
