"""Removing what a run left on a broker's server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["clean_queues", "clean_redis"]

logger = logging.getLogger(__name__)

BATCH = 500
SECONDS = 5.0


def clean_redis(url: str, prefix: str) -> None:
    """Delete every key that begins with `prefix`."""
    import redis

    client = redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        keys: list[bytes] = []
        for key in client.scan_iter(match=f"{prefix}*", count=BATCH):
            keys.append(key)
            if len(keys) == BATCH:
                client.unlink(*keys)
                keys.clear()
        if keys:
            client.unlink(*keys)
    except redis.RedisError as error:
        logger.warning("the keys %s* may be left on the broker: %s", prefix, error)
    finally:
        client.close()


def clean_queues(url: str, queues: Iterable[str]) -> None:
    """Delete the named queues, with what waits in them."""
    from kombu import Connection
    from kombu.exceptions import OperationalError

    connection: Any = Connection(url, connect_timeout=SECONDS)
    try:
        connection.ensure_connection(max_retries=1, interval_start=0.1)
        channel = connection.channel()
        for queue in queues:
            channel.queue_delete(queue)
    except (OperationalError, *connection.connection_errors, *connection.channel_errors) as error:
        logger.warning("queues of this run may be left on the broker until they expire: %s", error)
    finally:
        connection.release()
