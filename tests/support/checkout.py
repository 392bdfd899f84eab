"""The app of a consumer in this process, whose messages stay in memory."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from celery import Celery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract import Service

__all__ = ["checkout_of"]


@contextmanager
def checkout_of(service: Service) -> Iterator[Celery]:
    """An app named checkout that sends the calls of `service`; its queue is empty afterwards."""
    app = Celery("checkout", broker="memory://", backend="cache+memory://", set_as_current=False)
    service.use(app)
    yield app
    service.app = None
    connection: Any
    with app.connection_for_write() as connection:
        connection.default_channel.queue_purge(service.queue)
    app.close()
