"""Uses in the Redis that the app has anyway."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from taskcontract.brokers.connections import PATIENCE, backend_of, reaching
from taskcontract.celery_compat.redis_backend import own_client
from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.errors import BrokerError
from taskcontract.urls import spell_server
from taskcontract.usage.bounds import (
    KEPT_SECONDS,
    MOST_ROWS,
    MOST_SHAPE_ROWS,
    MOST_SHAPES_OF_CALLER,
    fit,
    follow,
)
from taskcontract.usage.call_shape import BEFORE, OTHER_SHAPE, check_shape
from taskcontract.usage.use import Counted, ShapeUse, Use, UseKey, merge, merge_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
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

NOTE_BEFORE = """
local counted = redis.call('HGET', KEYS[1], ARGV[1]) or '0'
redis.call('HSETNX', KEYS[3], ARGV[1], counted .. ' ' .. (redis.call('HGET', KEYS[2], ARGV[1]) or '0'))
"""
"""Keeps what was counted of a caller before its first shape."""

ADD_SHAPE = """
local field = ARGV[2]
if redis.call('HEXISTS', KEYS[4], field) == 0 then
  local mine = tonumber(redis.call('HGET', KEYS[6], ARGV[1]) or 0)
  if mine >= tonumber(ARGV[6]) or redis.call('HLEN', KEYS[4]) >= tonumber(ARGV[7]) then
    field = ARGV[3]
  else
    redis.call('HINCRBY', KEYS[6], ARGV[1], 1)
  end
end
redis.call('HINCRBY', KEYS[4], field, ARGV[4])
if tonumber(redis.call('HGET', KEYS[5], field) or 0) < tonumber(ARGV[5]) then
  redis.call('HSET', KEYS[5], field, ARGV[5])
end
"""
"""Adds to a shape's count, or to those of the rest where the caller, or all of them, have too many."""

START = """
local since = tonumber(redis.call('GET', KEYS[1]) or '')
if not since or since > tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1])
end
"""

SERVICES = "taskcontract:usage:services"
"""The set of the services that shapes are kept of."""

ANEW = "Something else wrote there. Remove that key: counting begins anew."


PARTS = ("count", "seen", "shape-before", "shape-count", "shape-seen", "shape-number")
"""The hashes of a service, in the order of the scripts' keys: by caller, by caller and shape, by caller."""


class RedisStore:
    """A few hashes and two times per service. `reach` gives a client, and the prefix of the app's keys."""

    def __init__(self, reach: Callable[[], AbstractContextManager[tuple[Any, str]]], place: str) -> None:
        self._reach = reach
        self.place = place

    def add(
        self, service: str, uses: Iterable[Use], since: float, shapes: Iterable[ShapeUse] | None = None
    ) -> None:
        """Add counts of a service, which are counted since then; a BrokerError where Redis is away."""
        uses = list(uses)
        with self._reach() as (client, prefix), client.pipeline(transaction=True) as pipeline:
            keys = [_key(prefix, service, what) for what in PARTS]
            if not uses or client.hlen(keys[0]) + len(uses) > MOST_ROWS:  # at a worker's start, or it is full
                oldest = max([since, *(use.last_seen for use in uses)]) - KEPT_SECONDS
                client.eval(PRUNE, 2, *keys[:2], repr(oldest))
                known = {UseKey(service, *_parse(each, keys[0], _names)) for each in client.hkeys(keys[0])}
                _prune_shapes(client, keys, known)
                uses = fit(uses, known)
            pipeline.eval(START, 1, _key(prefix, service, "since"), repr(since))
            if shapes is not None:
                shapes = follow(shapes, uses)
                pipeline.eval(START, 1, _key(prefix, service, "shapes-since"), repr(since))
                pipeline.sadd(f"{prefix}{SERVICES}", service)
                for key in {each.key for each in shapes}:
                    pipeline.eval(NOTE_BEFORE, 3, *keys[:3], json.dumps(key[1:]))
            for use in uses:
                pipeline.eval(ADD, 2, *keys[:2], json.dumps(use.key[1:]), str(use.count), repr(use.last_seen))
            for each in shapes or ():
                caller, rest = json.dumps(each.key[1:]), json.dumps([*each.key[1:], OTHER_SHAPE])
                field = json.dumps([*each.key[1:], each.shape])
                most = str(MOST_SHAPES_OF_CALLER), str(MOST_SHAPE_ROWS)
                seen = repr(each.last_seen)
                pipeline.eval(ADD_SHAPE, 6, *keys, caller, field, rest, str(each.count), seen, *most)
            pipeline.execute()

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service."""
        with self._reach() as (client, prefix):
            parts: dict[str, dict[bytes, bytes]] = {
                what: client.hgetall(_key(prefix, service, what)) for what in PARTS[:-1]
            }
            starts: list[bytes | None] = [
                client.get(_key(prefix, service, what)) for what in ("since", "shapes-since")
            ]
        keys = {what: _key(prefix, service, what) for what in (*PARTS, "since", "shapes-since")}
        uses = []
        for field, number in parts["count"].items():
            key = UseKey(service, *_parse(field, keys["count"], _names))
            last = _parse(parts["seen"].get(field, b"0"), keys["seen"], float)
            uses.append(Use(key, _parse(number, keys["count"], int), last))
        shapes = []
        for field, number in parts["shape-count"].items():
            *names, shape = _parse(field, keys["shape-count"], _names_and_shape)
            last = _parse(parts["shape-seen"].get(field, b"0"), keys["shape-seen"], float)
            count = _parse(number, keys["shape-count"], int)
            shapes.append(ShapeUse(UseKey(service, *names), shape, count, last))
        for field, value in parts["shape-before"].items():
            key = UseKey(service, *_parse(field, keys["shape-before"], _names))
            count, last = _parse(value, keys["shape-before"], _count_and_time)
            if count:
                shapes.append(ShapeUse(key, BEFORE, count, last))
        since, shapes_since = (
            None if start is None else _parse(start, keys[what], float)
            for start, what in zip(starts, ("since", "shapes-since"), strict=True)
        )
        return Counted(tuple(merge(uses)), since, tuple(merge_shapes(shapes)), shapes_since)

    def services(self) -> list[str]:
        """Return the names of the services whose calls are counted with their shapes, sorted."""
        with self._reach() as (client, prefix):
            names = client.smembers(f"{prefix}{SERVICES}")
        return sorted(name.decode(errors="replace") for name in names)


def _prune_shapes(client: Any, keys: list[str], known: Collection[UseKey]) -> None:
    """Remove the shapes of callers that are no longer `known`."""
    names = {key[1:] for key in known}
    _, _, before, count, seen, number = keys
    for field in client.hkeys(count):
        if _parse(field, count, _names_and_shape)[:3] not in names:
            client.hdel(count, field)
            client.hdel(seen, field)
    for field in client.hkeys(before):
        if _parse(field, before, _names) not in names:
            client.hdel(before, field)
            client.hdel(number, field)


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


def _names_and_shape(field: str) -> tuple[str, str, str, str]:
    task, version, consumer, shape = map(str, json.loads(field))
    return task, version, consumer, check_shape(shape)


def _count_and_time(value: str) -> tuple[int, float]:
    count, last = value.split()
    return int(count), float(last)


def _key(prefix: str, service: str, what: str) -> str:
    return f"{prefix}taskcontract:usage:{service}:{what}"
