"""What is refused and kept, for Prometheus, where `prometheus_client` is installed.

All of it is measured in the worker's main process, where messages are judged: the children of a prefork pool
have none of it, and a scrape of one would say 0.
"""

from __future__ import annotations

import logging
import time
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any
from weakref import ref

from taskcontract.errors import RefusedMessageError, TaskContractError
from taskcontract.safety_net.quarantine import Quarantine
from taskcontract.safety_net.quarantine_gauges import describe_quarantines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from celery import Celery

    from taskcontract.safety_net.quarantine import Measured

__all__ = ["WATCHED", "count_refused", "start_counting", "watch_quarantine"]

logger = logging.getLogger("taskcontract.safety_net")

ASKED_AFTER = 60.0
"""Seconds that an answer of the broker serves each scrape."""

OUTCOMES = ("kept", "discarded")


def start_counting() -> None:
    """Begin each counter at 0: Prometheus sees no increase in one that first appears with its first event."""
    counter = _make_counter()
    if counter is not None:
        for kind in RefusedMessageError.__subclasses__():
            for outcome in OUTCOMES:
                counter.labels(kind.reason, outcome)


def count_refused(reason: str, *, is_kept: bool) -> None:
    """Count one refused message; nothing where the library is absent."""
    counter = _make_counter()
    if counter is not None:
        counter.labels(reason, OUTCOMES[not is_kept]).inc()


def watch_quarantine(app: Celery, name: str) -> None:
    """Let each scrape say what the quarantine `name` has; nothing where the library is absent."""
    if _make_counter() is not None:
        _register_watches()
        WATCHED.watches[name] = Watch(app, name)


class Watch:
    """What is known of a quarantine. A scrape never waits for the broker: the next one has the answer."""

    def __init__(self, app: Celery, name: str) -> None:
        self._app = ref(app)
        self._name = name
        self._known: Measured | None = None
        self._asked_at = float("-inf")
        self._asking: Thread | None = None

    def look(self) -> Measured | None:
        """Return what it had when it was last asked; None where that is not known."""
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


class Watches:
    """The quarantines of this process's workers, as `prometheus_client` collects them."""

    def __init__(self) -> None:
        self.watches: dict[str, Watch] = {}

    def describe(self) -> Iterable[Any]:
        """Return the metrics, without asking a broker."""
        return describe_quarantines({})

    def collect(self) -> Iterable[Any]:
        """Return the metrics of what is known."""
        known: Mapping[str, Measured | None] = {
            name: watch.look() for name, watch in list(self.watches.items())
        }
        return describe_quarantines(known)


WATCHED = Watches()


@cache
def _register_watches() -> None:
    from prometheus_client import REGISTRY

    REGISTRY.register(WATCHED)


@cache
def _make_counter() -> Any:
    try:
        from prometheus_client import Counter
    except ModuleNotFoundError:
        return None
    return Counter(
        "taskcontract_refused", "Refused messages, and what became of them.", ["reason", "outcome"]
    )
