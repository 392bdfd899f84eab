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

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.provider.usage.store import UsageStore

__all__ = ["EVENT", "UsageCounter"]

logger = logging.getLogger("taskcontract.usage")

EVENT = "taskcontract-called"
"""The event's type. One that begins with `task-` would change the state that monitors show of a task."""

FLUSH_AFTER = 2.0
"""Seconds that a count waits for others before all are written."""

RETRY_AFTER = 30.0
"""Seconds until what a store did not take is tried again."""


class UsageCounter:
    """Counts each call of `service` that this worker receives, by version and consumer.

    Refused calls and retries count as calls: somebody sent each, and expects it to be served.
    """

    def __init__(
        self,
        service: Service,
        make_store: Callable[[], UsageStore],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.service = service
        self._make_store = make_store
        self._now = now
        self._uses: dict[UseKey, Use] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        signals.worker_shutdown.connect(self._on_shutdown, weak=False)

    def count(self, task: Task[..., Any], headers: Any, events: Any = None) -> None:
        """Count one received call of `task`, told as an event where `events` (a dispatcher) are on.

        A message without our header counts as a call of that version by nobody known.
        """
        header = read_header(headers)
        key = UseKey(
            self.service.name, task.wire_name, header.version or task.version, header.consumer or UNKNOWN
        )
        count_metric(key)
        if events is not None and events.enabled:
            events.send(EVENT, task=key.task, version=key.version, consumer=key.consumer)
        with self._lock:
            self._note(Use(key, 1, self._now()))
            self._plan_flush(FLUSH_AFTER)

    def flush(self) -> None:
        """Write what was counted since the last flush; kept for the next one where the store is away."""
        with self._lock:
            uses = list(self._uses.values())
            self._uses.clear()
            self._timer = None
        if not uses:
            return
        try:
            self._make_store().add(uses)
        except BrokerError as error:
            logger.warning("%s", error)
            with self._lock:
                for use in uses:
                    self._note(use)
                self._plan_flush(RETRY_AFTER)

    def _note(self, use: Use) -> None:
        self._uses[use.key] = use.plus(self._uses.get(use.key))

    def _plan_flush(self, seconds: float) -> None:
        """Flush later, and aside: the consumer's loop must not wait for a store."""
        if self._timer is None:
            self._timer = threading.Timer(seconds, self.flush)
            self._timer.daemon = True
            self._timer.start()

    def _on_shutdown(self, **_: object) -> None:
        self.flush()
