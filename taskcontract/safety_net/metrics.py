"""What is refused and kept, for Prometheus, where `prometheus_client` is installed."""

from __future__ import annotations

import logging
import math
import os
import time
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any
from weakref import ref

from taskcontract.errors import TaskContractError
from taskcontract.safety_net.quarantine import Quarantine

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.safety_net.quarantine import Measured

__all__ = ["count_refused", "watch_quarantine"]

logger = logging.getLogger("taskcontract.safety_net")

ASKED_AFTER = 60.0
"""Seconds that an answer of the broker serves each scrape."""


def count_refused(reason: str, *, is_kept: bool) -> None:
    """Count one refused message; nothing where the library is absent."""
    metrics = _metrics()
    if metrics is not None:
        metrics[0].labels(reason, "kept" if is_kept else "discarded").inc()


def watch_quarantine(app: Celery, name: str) -> None:
    """Let each scrape say what the quarantine `name` has; nothing where the library is absent.

    Nor where several processes write their metrics into one folder: what is read there was not asked for.
    """
    metrics = _metrics()
    if metrics is not None and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        watch = Watch(app, name)
        metrics[1].labels(name).set_function(watch.count)
        metrics[2].labels(name).set_function(watch.find_age)


class Watch:
    """What is known of a quarantine. A scrape never waits for the broker: the next one has the answer."""

    def __init__(self, app: Celery, name: str) -> None:
        self._app = ref(app)
        self._name = name
        self._known: Measured | None = None
        self._asked_at = float("-inf")
        self._asking: Thread | None = None

    def count(self) -> float:
        """Return how many messages it has; not a number where that is not known."""
        known = self._look()
        return math.nan if known is None else known.depth

    def find_age(self) -> float:
        """Seconds since its oldest message was kept; 0 without one, not a number where that is not known."""
        known = self._look()
        if known is None or (known.depth and known.oldest is None):
            return math.nan
        return 0 if known.oldest is None else max(0.0, time.time() - known.oldest)

    def _look(self) -> Measured | None:
        is_idle = self._asking is None or not self._asking.is_alive()
        if is_idle and time.monotonic() - self._asked_at >= ASKED_AFTER:
            self._asked_at = time.monotonic()
            self._asking = Thread(target=self._ask, name="taskcontract-quarantine", daemon=True)
            self._asking.start()
        return self._known

    def _ask(self) -> None:
        app = self._app()
        if app is None:
            self._known = None
            return
        try:
            with Quarantine(app, self._name) as quarantine:
                self._known = quarantine.measure()
        except TaskContractError as error:
            self._known = None
            logger.warning("the quarantine is not measured: %s", error)


@cache
def _metrics() -> Any:
    """Return the counter, and the gauges of depth and age."""
    try:
        from prometheus_client import Counter, Gauge
    except ModuleNotFoundError:
        return None
    return (
        Counter("taskcontract_refused", "Refused messages, and what became of them.", ["reason", "outcome"]),
        Gauge("taskcontract_quarantine_messages", "Messages in quarantine.", ["queue"]),
        Gauge("taskcontract_quarantine_oldest_seconds", "Age of the oldest message there.", ["queue"]),
    )
