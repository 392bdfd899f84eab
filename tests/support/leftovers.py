"""Looking for what a run left on a broker's server."""

from __future__ import annotations

from typing import Any

import redis
from kombu import Connection

from tests.support.own_sqs import list_queues

__all__ = ["find_leftovers"]

QUEUES = ("ping", "shop", "celery", "elsewhere")


def find_leftovers(url: str, workers: list[str], others: tuple[str, ...] = ()) -> list[str]:
    """The keys or queues that are left of `workers` (`RUN-1`, `RUN-2`), or are called as one of `others`."""
    if url.startswith("redis"):
        return _find_keys(url, {worker.partition("-")[0] for worker in workers})
    if url.startswith("amqp"):
        names = [f"{queue}.taskcontract-{worker}" for worker in workers for queue in QUEUES]
        return [name for name in (*names, *others) if _queue_exists(url, name)]
    if url.startswith("sqs"):
        return [name for name in list_queues(url) if any(worker in name for worker in workers)]
    return []


def _find_keys(url: str, runs: set[str]) -> list[str]:
    client: Any = redis.Redis.from_url(url)
    try:
        return [key.decode() for run in runs for key in client.scan_iter(match=f"*{run}*")]
    finally:
        client.close()


def _queue_exists(url: str, name: str) -> bool:
    connection: Any = Connection(url)
    try:
        connection.default_channel.queue_declare(name, passive=True)
    except connection.channel_errors:
        return False
    finally:
        connection.release()
    return True
