"""Counting received calls in the worker: cheap per message, written now and then."""

from __future__ import annotations

import logging
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.deprecation import is_deprecated
from taskcontract.declare.header import find_ours, read_header
from taskcontract.usage.alternatives import find_declared
from taskcontract.usage.bounds import MOST_APART, Bound, believed_version
from taskcontract.usage.call_shape import OTHER_SHAPE, tell_shape
from taskcontract.usage.shape_tally import ShapeTally
from taskcontract.usage.use import BEAT, UNKNOWN, Use, UseKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from taskcontract.declare.task import Task
    from taskcontract.usage.alternatives import DeclaredAlternatives
    from taskcontract.usage.store import UsageStore

__all__ = ["DEPRECATED_METRIC", "EVENT", "METRIC", "UsageCounter"]

logger = logging.getLogger("taskcontract.usage")

EVENT = "taskcontract-called"
"""The event's type. One that begins with `task-` would change the state that monitors show of a task."""

FLUSH_AFTER = 2.0
"""Seconds that a count waits for others before all are written."""

FIRST_AFTER = 0.0
"""Seconds that the first call of a caller and day waits: were it lost with a killed worker, that caller's
last call might not be known."""

METRIC = "taskcontract_calls"
"""A counter for Prometheus with the labels service, task, version and consumer."""

DEPRECATED_METRIC = "taskcontract_deprecated_calls"
"""A counter of those calls among them whose version was deprecated that day; the same labels."""

METRIC_BOUND = Bound()
"""For as long as the process lives: what is scraped grows with each label, and none is removed."""

DAY = 86_400

RETRY_AFTER = 30.0
"""Seconds until what a store did not take is tried again."""

LAST_WAIT = 10.0
"""Seconds that a worker which ends waits for a flush that is under way."""


class UsageCounter:
    """Counts each call of `service` that this worker receives, by version, consumer and the call's shape.

    Refused calls and retries count as calls: each was sent, and its sender expects it to be served.
    """

    def __init__(
        self,
        service: str,
        make_store: Callable[[], UsageStore],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.service = service
        self._make_store = make_store
        self._now = now
        self._uses: dict[UseKey, list[float]] = {}
        self._shapes = ShapeTally()
        self._alternatives: dict[str, DeclaredAlternatives | None] = {}
        self._told: set[tuple[str, str]] = set()
        self._bound = Bound()
        self._day = 0
        self._is_away = False
        self._since: float | None = None
        self._is_since_kept = False
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        """Note that calls are counted from now on: without it, no calls would say nothing."""
        with self._lock:
            self._begin(self._now())
            self._plan_flush(0)

    def stop(self) -> None:
        """Write what is left: the worker ends. A flush that is under way is waited for, for a while."""
        if self._flushing.acquire(timeout=LAST_WAIT):  # one that is under way may yet fail and put back
            self._flushing.release()
            self.flush()
        elif self._uses:
            logger.warning("calls of %s are lost: their store does not answer", self.service)

    def count(
        self,
        task: Task[..., Any],
        headers: Any,
        events: Any = None,
        *,
        name: str = "",
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        redelivered: bool = False,
    ) -> None:
        """Count one received call of `task`, told as an event where `events` (a dispatcher) are on.

        `name` is the wire name that it was called by: an alias is counted as such, and its callers are told
        of in the log, once each. Left out, it is the task's own.

        A message without our header counts as a call of that version by an unknown consumer. One with an ETA
        is not a new call when it is `redelivered`, as each worker that held it would count it. Others
        are served soon and counted again: RabbitMQ also marks browsed messages as redelivered.
        """
        if _is_no_call(headers, redelivered):
            return
        key = self._count(name or task.wire_name, headers, task.version, self._tell(task, args, kwargs or {}))
        if is_deprecated(task):
            _count_metric(DEPRECATED_METRIC, key, task.version)
        if events is not None and events.enabled:
            events.send(EVENT, task=key.task, version=key.version, consumer=key.consumer)
        if key.task in task.aliases:
            self._warn_of_alias(key, task)

    def count_plain(
        self, name: str, headers: Any, args: Sequence[Any], kwargs: Mapping[str, Any], *, redelivered: bool
    ) -> None:
        """Count one received call of a task that no bindings declare, by its registered `name`."""
        if not _is_no_call(headers, redelivered):
            self._count(name, headers, "", tell_shape(args, kwargs))

    def _tell(self, task: Task[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """Return the shape of a call of `task`, without what each call of its service carries."""
        try:
            if task.id not in self._alternatives:
                self._alternatives[task.id] = find_declared(task.binder.slots)
            declared = self._alternatives[task.id]
            kwargs = without_keywords(task.service.carries, kwargs)
            return tell_shape(args, kwargs, () if declared is None else declared.label(args, kwargs))
        except Exception:  # it may hold anything; that a call was sent is to be counted all the same
            logger.debug("the shape of a call of %s cannot be told", task.id, exc_info=True)
            return OTHER_SHAPE

    def _count(self, name: str, headers: Any, declared: str, shape: str) -> UseKey:
        header = read_header(headers)
        marked = isinstance(headers, dict) and headers.get("celery_beat_task")
        key = UseKey(
            self.service,
            name,
            believed_version(header.version, declared),
            header.consumer or (BEAT if marked else UNKNOWN),
        )
        with self._lock:
            now = self._now()
            if now // DAY != self._day:
                self._bound, self._day = Bound(), int(now // DAY)
                self._shapes.renew()
            key, is_first = self._bound.admit(key, declared)
            self._begin(now)
            counted = self._uses.get(key)
            if counted is None:
                self._uses[key] = [1, now]
            else:
                counted[0] += 1
                counted[1] = max(counted[1], now)
            self._shapes.note(key, shape, now)
            is_urgent = is_first and not self._is_away
            self._plan_flush(min(FIRST_AFTER, FLUSH_AFTER) if is_urgent else FLUSH_AFTER, sooner=is_urgent)
        _count_metric(METRIC, key, declared)
        return key

    def flush(self) -> None:
        """Write what was counted since the last flush; kept for the next one where the store fails."""
        with self._flushing:
            with self._lock:
                uses = [Use(key, int(count), last) for key, (count, last) in self._uses.items()]
                shapes = self._shapes.take()
                self._uses.clear()
                self._timer = None
            if self._since is None or (self._is_since_kept and not uses):
                return
            # A store that lost all it had since our last flush knows of nothing before this one.
            since = self._now() if self._is_since_kept else self._since
            try:
                self._make_store().add(self.service, uses, since, shapes)
                self._is_since_kept, self._is_away = True, False
            except Exception as error:  # whatever it is, the counts must not be lost with it
                logger.warning("calls of %s are not written yet: %s", self.service, _line(error))
                with self._lock:
                    for use in uses:
                        count, last = self._uses.get(use.key, (0, 0.0))
                        self._uses[use.key] = [use.count + count, max(use.last_seen, last)]
                    self._shapes.give_back(shapes)
                    self._is_away = True
                    self._plan_flush(RETRY_AFTER)

    def _warn_of_alias(self, key: UseKey, task: Task[..., Any]) -> None:
        told = key.task, key.consumer
        if told not in self._told and len(self._told) < MOST_APART:
            self._told.add(told)
            logger.warning(
                "%s calls %s by the alias %s: call %s", key.consumer, task.id, key.task, task.wire_name
            )

    def _begin(self, now: float) -> None:
        self._since = now if self._since is None else self._since

    def _plan_flush(self, seconds: float, *, sooner: bool = False) -> None:
        """Flush later, and aside: the consumer's loop must not wait for a store."""
        if sooner and self._timer is not None and self._timer.interval > seconds:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = threading.Timer(seconds, self.flush)
            self._timer.daemon = True
            self._timer.start()


def _is_no_call(headers: Any, redelivered: bool) -> bool:
    """Return whether a message is none of its consumer's: a verifier's, or one that was counted before."""
    if find_ours(headers).get("replayed") is True:
        return True
    return redelivered and isinstance(headers, dict) and bool(headers.get("eta"))


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _count_metric(metric: str, key: UseKey, declared: str) -> None:
    """Count one call in the default Prometheus registry; do nothing where it is not installed.

    What is beyond the bound counts as a call of OTHER of the `declared` version.
    """
    counted = _labelled.get((metric, key))
    if counted is None:
        counters = _make_counters()
        if counters is None:
            return
        bounded, _ = METRIC_BOUND.admit(key, declared)
        counted = counters[metric].labels(*bounded)
        if bounded == key:
            _labelled[metric, key] = counted
    counted.inc()


_labelled: dict[tuple[str, UseKey], Any] = {}
"""The counters of the callers that METRIC_BOUND admits, as to find one by its labels takes a while."""


@cache
def _make_counters() -> Any:
    try:
        from prometheus_client import Counter
    except ModuleNotFoundError:
        return None
    labels = UseKey._fields
    return {
        METRIC: Counter(METRIC, "Received calls by version and consumer.", labels),
        DEPRECATED_METRIC: Counter(
            DEPRECATED_METRIC, "Received calls of versions that are deprecated.", labels
        ),
    }
