"""Counting received calls in the worker: cheap per message, written now and then."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from celery import signals

from taskcontract.declare.header import read_header
from taskcontract.errors import BrokerError
from taskcontract.provider.usage.metrics import count_metric
from taskcontract.provider.usage.use import UNKNOWN, Use, UseKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.provider.usage.store import UsageStore

__all__ = ["UsageCounter"]

logger = logging.getLogger("taskcontract.usage")

FLUSH_EVERY = 5.0
"""Seconds between two writes."""


class UsageCounter:
    """Counts each received call of `service` in the workers of `app`, by version and consumer.

    Retries of a call count as calls: each is a message that somebody must still be able to serve.
    """

    def __init__(
        self,
        app: Celery,
        service: Service,
        make_store: Callable[[], UsageStore],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self.service = service
        self._make_store = make_store
        self._now = now
        self._counts: dict[UseKey, int] = {}
        self._seen: dict[UseKey, float] = {}
        self._lock = threading.Lock()
        self._flushed = 0.0
        signals.task_received.connect(self._on_received, weak=False)
        signals.worker_shutdown.connect(self._on_shutdown, weak=False)

    def count(self, wire_name: str, version: str, consumer: str) -> None:
        """Count one call."""
        key = UseKey(self.service.name, wire_name, version, consumer or UNKNOWN)
        count_metric(key)
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + 1
            self._seen[key] = self._now()

    def flush(self) -> None:
        """Write what was counted since the last flush; kept for the next one where the store is away."""
        with self._lock:
            uses = [Use(key, count, self._seen[key]) for key, count in self._counts.items()]
            self._counts.clear()
            self._flushed = self._now()
        if not uses:
            return
        try:
            self._make_store().add(uses)
        except BrokerError as error:
            logger.warning("%s", error)
            with self._lock:
                for use in uses:
                    self._counts[use.key] = self._counts.get(use.key, 0) + use.count

    def _on_received(self, sender: Any = None, request: Any = None, **_: object) -> None:
        if getattr(sender, "app", None) is not self._app:
            return
        task = self.service.find(request.name)
        if task is None:
            return
        header = read_header(request.request_dict)
        version = header.version or task.version
        self.count(task.wire_name, version, header.consumer)
        events = sender.event_dispatcher
        if events is not None and events.enabled:
            events.send(
                "taskcontract-called",
                task=task.wire_name,
                version=version,
                consumer=header.consumer or UNKNOWN,
            )
        if self._now() - self._flushed > FLUSH_EVERY:
            # Aside: the consumer's loop must not wait for a store.
            threading.Thread(target=self.flush, name="taskcontract-usage", daemon=True).start()
            self._flushed = self._now()

    def _on_shutdown(self, **_: object) -> None:
        self.flush()
