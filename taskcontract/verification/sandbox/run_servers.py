"""The servers of one run: which ones, whether they answer, and removing what the run left on them."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from taskcontract.brokers.sqs import SQS, delete_queues
from taskcontract.patience import patience_with

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ANOTHER_BROKER",
    "CONNECT_SECONDS",
    "EMBEDDED",
    "check_servers",
    "choose_backend",
    "clean_redis",
    "clean_server",
    "polling_options",
    "scheme_of",
]

logger = logging.getLogger(__name__)

EMBEDDED = "embedded"
KEY_STORES = ("redis", "rediss", "valkey", "valkeys")
CONNECT_SECONDS = 5.0
ANOTHER_BROKER = (
    "Start it, or name another with --taskcontract-broker or `broker` in [tool.taskcontract]; "
    "`embedded` needs no server."
)
BETWEEN_POLLS = 0.02
"""Seconds: where a look-alike of SQS answers at once that there is nothing, this bounds the questions."""
BLOCKING_CLIENT = "kombu.asynchronous.http.urllib3_client"
BATCH = 500
"""How many keys are deleted at once."""


def scheme_of(url: str) -> str:
    """Return `redis` for `redis://127.0.0.1`, `embedded` for `embedded`."""
    return url.partition("://")[0].partition("+")[0].lower()


def choose_backend(broker: str) -> str | None:
    """Return the URL of the result store on the server of `broker`; None if it cannot keep results."""
    scheme = scheme_of(broker)
    if scheme in KEY_STORES:
        return broker
    return "rpc://" if scheme in ("amqp", "amqps", "pyamqp") else None


def polling_options(broker: str) -> dict[str, Any]:
    """Return the transport options with which a worker sees each message of `broker` at once.

    SQS holds a request until there is one, but kombu waits a second between two such requests. The client of
    kombu 5.5 waits for one queue at a time, and stops the worker meanwhile: there no request is held.
    """
    if scheme_of(broker) != SQS:
        return {}
    patience = patience_with(SQS, connecting=CONNECT_SECONDS, answering=CONNECT_SECONDS)
    held = {"wait_time_seconds": 0} if find_spec(BLOCKING_CLIENT) else {}
    return {**patience, **held, "polling_interval": BETWEEN_POLLS}


def check_servers(broker: str, backend: str | None) -> None:
    """Raise what is wrong with the URLs of a run, or with the server of its broker, before it begins."""
    if scheme_of(broker) != EMBEDDED:
        from taskcontract.servers import check_broker_answers, check_broker_url

        check_broker_url(broker)
        check_broker_answers(broker, seconds=CONNECT_SECONDS, do=ANOTHER_BROKER)
    if backend is not None and scheme_of(backend) not in (EMBEDDED, "rpc"):
        from taskcontract.servers import check_backend_url

        check_backend_url(backend)


def clean_server(url: str, *, prefix: str, queues: Iterable[str]) -> None:
    """Delete what a run left on the server of `url`: its keys, which begin with `prefix`, or its `queues`.

    A server that cannot be reached is logged as a warning.
    """
    scheme = scheme_of(url)
    if scheme in KEY_STORES:
        clean_redis(url, prefix)
    elif scheme == SQS:
        delete_queues(url, queues, patience=CONNECT_SECONDS)
    elif scheme not in (EMBEDDED, "rpc"):
        _clean_queues(url, queues)


def clean_redis(url: str, prefix: str) -> None:
    """Delete every key that begins with `prefix`."""
    import redis

    client = redis.Redis.from_url(url, socket_timeout=CONNECT_SECONDS, socket_connect_timeout=CONNECT_SECONDS)
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


def _clean_queues(url: str, queues: Iterable[str]) -> None:
    """Delete the named queues, with what waits in them."""
    from kombu import Connection
    from kombu.exceptions import OperationalError

    connection: Any = Connection(url, connect_timeout=CONNECT_SECONDS)
    try:
        connection.ensure_connection(max_retries=1, interval_start=0.1)
        channel = connection.channel()
        for queue in queues:
            channel.queue_delete(queue)
    except (OperationalError, *connection.connection_errors, *connection.channel_errors) as error:
        logger.warning("queues of this run may be left on the broker until they expire: %s", error)
    finally:
        connection.release()
