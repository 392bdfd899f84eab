"""Where uses are kept: a file by default, Redis where the app uses it, memory in tests."""

from __future__ import annotations

import json
import os
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from taskcontract.errors import BrokerError
from taskcontract.provider.usage.use import Use, UseKey, merge

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from celery import Celery

__all__ = ["FileStore", "MemoryStore", "RedisStore", "UsageStore", "store_for"]

VARIABLE = "TASKCONTRACT_USAGE"


class UsageStore(Protocol):
    """Keeps uses; several workers may add at once."""

    def add(self, uses: Iterable[Use]) -> None:
        """Add counts and note the latest times."""
        ...

    def read(self, service: str) -> list[Use]:
        """All uses of a service's tasks, sorted by key."""
        ...


class MemoryStore:
    """In-memory twin of the other stores."""

    def __init__(self) -> None:
        self._uses: list[Use] = []

    def add(self, uses: Iterable[Use]) -> None:
        """Add counts and note the latest times."""
        self._uses = merge([*self._uses, *uses])

    def read(self, service: str) -> list[Use]:
        """All uses of a service's tasks, sorted by key."""
        return [use for use in self._uses if use.key.service == service]


class FileStore:
    """A SQLite file, shared by all workers of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, uses: Iterable[Use]) -> None:
        """Add counts and note the latest times; a BrokerError where the file cannot be written."""
        rows = [(*use.key, use.count, use.last_seen) for use in uses]
        with self._open() as connection, connection:
            connection.executemany(
                "INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (service, task, version, consumer) "
                "DO UPDATE SET count = count + excluded.count, "
                "last_seen = max(last_seen, excluded.last_seen)",
                rows,
            )

    def read(self, service: str) -> list[Use]:
        """All uses of a service's tasks, sorted by key; none where the file does not exist yet."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM uses WHERE service = ?", (service,)).fetchall()
        return merge(Use(UseKey(*row[:4]), row[4], row[5]) for row in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, timeout=5)) as connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS uses (service TEXT, task TEXT, version TEXT, consumer TEXT, "
                    "count INTEGER, last_seen REAL, PRIMARY KEY (service, task, version, consumer))"
                )
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise BrokerError(
                f"the usage counts cannot be kept: {error}",
                where=str(self._path),
                do="Make the file writable, or name another with TASKCONTRACT_USAGE.",
            ) from error


ADD = """
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
if tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or 0) < tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
end
"""
"""Adds to a count and keeps the latest time, also where a worker writes late what it counted long ago."""


class RedisStore:
    """Two hashes per service in the Redis that the app uses anyway."""

    def __init__(self, url: str) -> None:
        self._url = url

    def add(self, uses: Iterable[Use]) -> None:
        """Add counts and note the latest times; a BrokerError where Redis is away."""
        with self._client() as client, client.pipeline(transaction=False) as pipeline:
            for use in uses:
                field = json.dumps(use.key[1:])
                hashes = [_hash(use.key.service, what) for what in ("count", "seen")]
                pipeline.eval(ADD, 2, *hashes, field, str(use.count), str(use.last_seen))
            pipeline.execute()

    def read(self, service: str) -> list[Use]:
        """All uses of a service's tasks, sorted by key."""
        with self._client() as client:
            counts: dict[str, str] = client.hgetall(_hash(service, "count"))
            seen: dict[str, str] = client.hgetall(_hash(service, "seen"))
        return merge(
            Use(UseKey(service, *json.loads(field)), int(count), float(seen.get(field, 0)))
            for field, count in counts.items()
        )

    @contextmanager
    def _client(self) -> Iterator[Any]:
        from redis import Redis
        from redis.exceptions import RedisError

        client: Any = Redis.from_url(self._url, decode_responses=True, socket_timeout=5)
        try:
            yield client
        except RedisError as error:
            raise BrokerError(
                f"the usage counts cannot be kept: {error}", where="the app's Redis", do="Start Redis."
            ) from error
        finally:
            client.close()


def store_for(app: Celery) -> UsageStore:
    """The store for the app's workers: its Redis, if it has one, else the default file.

    `TASKCONTRACT_USAGE` names another file; `off` keeps nothing.
    """
    named = os.environ.get(VARIABLE)
    if named == "off":
        return MemoryStore()
    if named:
        return FileStore(Path(named))
    for url in (app.conf.broker_url, app.conf.result_backend):
        if isinstance(url, str) and url.startswith(("redis://", "rediss://")):
            return RedisStore(url)
    return FileStore(_default_file())


def _default_file() -> Path:
    """`taskcontract/usage.sqlite` in the user's state folder."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "taskcontract" / "usage.sqlite"


def _hash(service: str, what: str) -> str:
    return f"taskcontract:usage:{service}:{what}"
