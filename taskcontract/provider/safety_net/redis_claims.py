"""Redis without the gap between taking a message and noting who has it.

Kombu pops a message with BRPOP, and notes it as unacknowledged with a second command. What a worker has
popped is gone if the worker is killed, or Redis is restarted, in between: at most one message per worker
each time, but lost. Here Redis does both in one step.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any
from uuid import uuid4

from kombu.transport import virtual

from taskcontract.embedded.any_message import AnyMessage

__all__ = ["ClaimingTransport"]

# What is needed of it is in no stub.
redis: Any = import_module("kombu.transport.redis")

CLAIM = """
local function read(item)
  local ok, message = pcall(cjson.decode, item)
  local properties = ok and type(message) == 'table' and message.properties
  if type(properties) ~= 'table' or type(properties.delivery_tag) ~= 'string' then return end
  local delivery, headers = properties.delivery_info, message.headers
  if type(delivery) == 'table' and type(headers) == 'table' and headers[1] == nil
      and type(delivery.exchange) == 'string' and type(delivery.routing_key) == 'string' then
    return properties.delivery_tag, delivery
  end
end
local function wrap(item, queue, tag)
  local properties = {delivery_tag = tag, delivery_info = {exchange = '', routing_key = queue}}
  return cjson.encode({body = item, headers = {}, properties = properties})
end
for i = 3, #KEYS do
  local item = redis.call('RPOP', KEYS[i])
  if item then
    local tag, delivery = read(item)
    if not tag then
      item = wrap(item, ARGV[i], ARGV[2])
      tag, delivery = read(item)
    end
    redis.call('ZADD', KEYS[2], ARGV[1], tag)
    redis.call('HSET', KEYS[1], tag, '[' .. item .. ', ' .. cjson.encode(delivery.exchange) .. ', '
      .. cjson.encode(delivery.routing_key) .. ']')
    return {KEYS[i], item}
  end
end
return false
"""
"""Pops from the first of KEYS[3..] that has a message, and notes it as Kombu does; answers as BRPOP does.

An item that is no message of Kombu's, which would end the worker and be gone, is made one that has it as its
body: with ARGV[2] for its tag and the queue's name in ARGV[3..].
"""

LONGEST_WAIT = 0.1
"""Seconds to wait at one queue while others, or messages of another priority, may come."""


class ClaimingQoS(redis.QoS):  # type: ignore[misc]
    """Knows that a claimed message is noted already."""

    def append(self, message: Any, delivery_tag: str) -> None:
        """Note a delivered message."""
        if self.channel.is_claimed:
            virtual.QoS.append(self, message, delivery_tag)
        else:
            super().append(message, delivery_tag)


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

    def basic_consume(self, queue: str, no_ack: bool = False, *args: Any, **kwargs: Any) -> Any:
        """Consume; what needs no acknowledgement is popped as ever, as nobody would take it off the notes."""
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
        self._brpop_sent_at = time.monotonic()
        self._sent_wait = self._is_dry
        connection.send_packed_command(connection.pack_commands([wait, claim] if self._is_dry else [claim]))

    def _brpop_read(self, **options: Any) -> Any:
        if not self._claims:
            return super()._brpop_read(**options)
        self._wait_is_over()
        self._is_dry = self.is_claimed = True
        try:
            delivered = super()._brpop_read(**options)
            self._is_dry = False
            return delivered
        finally:
            self.is_claimed = False

    def _wait_is_over(self) -> None:
        if self._sent_wait:
            self._sent_wait = False
            try:
                self.client.parse_response(self.client.connection, "BLMOVE")
            except self.connection_errors:
                self._in_poll = None
                self.client.connection.disconnect()
                raise

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
