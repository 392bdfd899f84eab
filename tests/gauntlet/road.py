"""The way into a worker's queue, past everything that Celery would check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.embedded.location import BROKEN
from tests.storm.apps.settings import QUEUE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from celery import Celery

__all__ = ["Road"]


class Road:
    """A connection of an app's to its broker."""

    def __init__(self, app: Celery) -> None:
        self._connection: Any = app.connection_for_write()
        self._producer: Any = self._connection.Producer()
        self.channel: Any = self._connection.default_channel

    def publish(self, body: bytes, headers: Mapping[str, Any], **properties: Any) -> None:
        """Send a message; an exception of whatever type where the client cannot write it."""
        given = {"content_type": "application/json", "content_encoding": "utf-8", **properties}
        self._producer.publish(body, routing_key=QUEUE, headers=dict(headers), **given)

    def put(self, envelope: bytes) -> None:
        """Put bytes into the queue of Redis or of the embedded broker, where kombu's messages stand."""
        if hasattr(self.channel, "client"):
            self.channel.client.lpush(QUEUE, envelope)
        else:
            self.channel.connection.spool.put(QUEUE, envelope)

    def find_set_aside(self) -> list[str]:
        """What the embedded broker has put out of the way itself, as no message could be made of it."""
        if not hasattr(self.channel.connection, "spool"):
            return []
        folder: Path = self.channel.connection.spool.folder / BROKEN
        return [file.read_text(errors="replace") for file in folder.iterdir()]

    def close(self) -> None:
        """Leave the broker."""
        self._connection.close()
