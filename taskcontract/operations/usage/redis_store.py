"""Uses in the Redis that the app has anyway."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from taskcontract.brokers.connections import PATIENCE, backend_of, reaching
from taskcontract.celery_compat.redis_backend import own_client
from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.errors import BrokerError
from taskcontract.operations.usage.bounds import KEPT_SECONDS, MOST_ROWS, fit
from taskcontract.operations.usage.use import Counted, Use, UseKey, merge
from taskcontract.urls import spell_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from celery import Celery

__all__ = ["RedisStore", "backend_redis", "broker_redis"]

Parsed = TypeVar("Parsed")

ADD = """
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
if tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or 0) < tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
end
"""
"""Adds to a count and keeps the latest time, also where a worker writes late what it counted long ago."""

PRUNE = """
local pairs_ = redis.call('HGETALL', KEYS[2])
for i = 1, #pairs_, 2 do
  if (tonumber(pairs_[i + 1]) or 0) < tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[1], pairs_[i])
    redis.call('HDEL', KEYS[2], pairs_[i])
  end
end
"""

START = """
local since = tonumber(redis.call('GET', KEYS[1]) or '')
if not since or since > tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1])
end
"""

ANEW = "Something else wrote there. Remove that key: counting begins anew."


class RedisStore:
    """Two hashes and a time per service. `reach` gives a client, and the prefix that the app's keys have."""

    def __init__(self, reach: Callable[[], AbstractContextManager[tuple[Any, str]]], place: str) -> None:
        self._reach = reach
        self.place = place

    def add(self, service: str, uses: Iterable[Use], since: float) -> None:
        """Add counts of a service, which are counted since then; a BrokerError where Redis is away."""
        uses = list(uses)
        with self._reach() as (client, prefix), client.pipeline(transaction=True) as pipeline:
            keys = [_key(prefix, service, what) for what in ("count", "seen")]
            if not uses or client.hlen(keys[0]) + len(uses) > MOST_ROWS:  # at a worker's start, or it is full
                oldest = max([since, *(use.last_seen for use in uses)]) - KEPT_SECONDS
                client.eval(PRUNE, 2, *keys, repr(oldest))
                known = {UseKey(service, *_parse(each, keys[0], _names)) for each in client.hkeys(keys[0])}
                uses = fit(uses, known)
            pipeline.eval(START, 1, _key(prefix, service, "since"), repr(since))
            for use in uses:
                pipeline.eval(ADD, 2, *keys, json.dumps(use.key[1:]), str(use.count), repr(use.last_seen))
            pipeline.execute()

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service."""
        with self._reach() as (client, prefix):
            count, seen, since = (_key(prefix, service, what) for what in ("count", "seen", "since"))
            counts: dict[bytes, bytes] = client.hgetall(count)
            times: dict[bytes, bytes] = client.hgetall(seen)
            start: bytes | None = client.get(since)
        uses = []
        for field, number in counts.items():
            key = UseKey(service, *_parse(field, count, _names))
            uses.append(Use(key, _parse(number, count, int), _parse(times.get(field, b"0"), seen, float)))
        return Counted(tuple(merge(uses)), None if start is None else _parse(start, since, float))


@contextmanager
def broker_redis(app: Celery) -> Iterator[tuple[Any, str]]:
    """Open the Redis that is the broker of `app`, as kombu connects to it."""
    with reaching(app, "the usage counts") as connection:
        lists = RedisLists(connection.default_channel)
        yield lists.client, lists.prefix


@contextmanager
def backend_redis(app: Celery) -> Iterator[tuple[Any, str]]:
    """Open the Redis that keeps the results of `app`, as Celery connects to it."""
    from redis.exceptions import RedisError

    # A client of our own, which waits less long for an answer than results may take.
    backend = backend_of(app)
    try:
        with own_client(backend, PATIENCE) as client:
            yield client, str(app.conf.result_backend_transport_options.get("global_keyprefix") or "")
    except (RedisError, OSError) as error:
        raise BrokerError(
            f"the usage counts cannot be reached: {error}",
            spell_server(backend),
            "See that this Redis answers.",
        ) from error


def _parse(raw: bytes, key: str, read: Callable[[str], Parsed]) -> Parsed:
    """Return what `read` makes of the text of `raw`; raise a BrokerError that names the `key` if it fails."""
    try:
        return read(raw.decode())
    except (ValueError, TypeError) as error:
        raise BrokerError(f"the usage counts cannot be read: {error}", where=key, do=ANEW) from error


def _names(field: str) -> tuple[str, str, str]:
    task, version, consumer = map(str, json.loads(field))
    return task, version, consumer


def _key(prefix: str, service: str, what: str) -> str:
    return f"{prefix}taskcontract:usage:{service}:{what}"
