"""The brokers that live tests run on, each with names and folders of the test's own."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from kombu import Connection

from taskcontract import embedded
from taskcontract.safety_net.quarantine.parts import Parts
from tests.support.own_sqs import delete_queues, list_queues, open_sqs
from tests.support.services import AMQP_URL, REDIS_URL, require

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BROKERS", "Room", "open_room"]

BROKERS = ("embedded", "redis", "rabbitmq")
"""Those that every test of a broker runs on. `open_room` has "sqs" too, with tests of its own."""


@dataclass(frozen=True)
class Room:
    """A broker and a result store for one test; `name` is a prefix for its queues and keys."""

    name: str
    broker: str
    backend: str

    @property
    def environment(self) -> dict[str, str]:
        """Celery's own variables for this room."""
        return {"CELERY_BROKER_URL": self.broker, "CELERY_RESULT_BACKEND": self.backend}


@contextmanager
def open_room(broker: str, *queues: str) -> Iterator[Room]:
    """A room on `broker`, skipped where that is absent; queues whose names start with its name, and those
    named in `queues`, are deleted behind the block."""
    embedded.register()
    name = f"taskcontract-test-{uuid4().hex[:10]}"
    folder = tempfile.mkdtemp(prefix=name)
    store = f"embedded://{folder}"
    try:
        if broker == "embedded":
            yield Room(name, store, store)
        elif broker == "redis":
            url = require(REDIS_URL)
            yield Room(name, url, url)
            _forget_redis(url, name, queues)
        elif broker == "sqs":
            url = open_sqs()
            yield Room(name, url, store)
            delete_queues(url, (each for each in list_queues(url) if each.startswith(name)))
        else:
            url = require(AMQP_URL)
            yield Room(name, url, store)
            with Connection(url) as connection:
                channel: Any = connection.default_channel
                for queue in (name, *Parts(f"{name}.quarantine").find_all(connection), *queues):
                    channel.queue_delete(queue)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _forget_redis(url: str, name: str, queues: tuple[str, ...]) -> None:
    import redis

    client: Any = redis.Redis.from_url(url)
    keys = {key for pattern in (f"{name}*", f"_kombu.binding.{name}*") for key in client.scan_iter(pattern)}
    keys.update(queues)
    if keys:
        client.delete(*keys)
    client.close()
