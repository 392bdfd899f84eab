"""What becomes of a refused message: into quarantine, handed to who tells its waiters, acknowledged.

In this order. The result store is asked beside the worker's loop: no call waits for it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from taskcontract.celery_compat.result_stores import make_result_store
from taskcontract.errors import RefusedMessageError
from taskcontract.safety_net.envelope import read_name
from taskcontract.safety_net.failure_propagation import id_of, propagate_failure
from taskcontract.safety_net.metrics import count_refused, start_counting, watch_quarantine
from taskcontract.safety_net.propagation_thread import PropagationThread
from taskcontract.safety_net.quarantine import SETTING, Note, Quarantine, QuarantineFullError
from taskcontract.safety_net.retry_queue import LONGEST_TEXT, Refused, RetryQueue
from taskcontract.safety_net.source import find_direct, find_source

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["MOST_HELD", "RefusalHandler"]

logger = logging.getLogger("taskcontract.safety_net")

AT_THE_END = 5.0
"""Seconds that a worker which ends gives to those who are not told yet."""

LONGEST_ANSWER = 10.0
"""Seconds that a Redis has to answer, where it is given more: one that is gone never does."""

MOST_HELD = 1000
"""Messages that may wait for a quarantine beside those that the worker prefetches."""

LEAST_ROOM = 16
"""How many more a worker prefetches at first."""


class RefusalHandler:
    """Keeps the messages that the worker's `consumer` refuses.

    A crash between two of the steps repeats one and loses no message. What cannot be kept is not
    acknowledged: it is tried again, and the broker gives it to another worker if this one ends.
    """

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        keeps_nothing = consumer.app.conf.get(SETTING) == ""
        self._quarantine = None if keeps_nothing else Quarantine(consumer.app)
        start_counting()
        if self._quarantine is not None:
            watch_quarantine(consumer.app, self._quarantine.name)
        self._backend = _make_backend(consumer.app)
        self._held: set[str] = set()
        self._room = 0
        self._to_keep = RetryQueue(consumer.timer, self._put, self._hold)
        self._propagation = PropagationThread()

    def keep(self, message: Any, error: RefusedMessageError) -> None:
        """Put the kombu `message` into quarantine, tell its caller `error`, acknowledge it."""
        if message.delivery_tag in self._held:
            # Redis gives again, under the same tag, what waits longer than its visibility timeout. The
            # one that waits already is kept for both.
            return
        if self._quarantine is not None and self._quarantine.is_its(
            self._source_of(message), getattr(message, "channel", None)
        ):
            name = self._quarantine.name
            logger.error(
                "%s is the quarantine, which no worker should consume: left there: %s", name, _named(message)
            )
            self._hold(Refused(message, error))
            return
        self._to_keep.add(Refused(message, error))

    def forget_held(self) -> None:
        """Forget what waits, as the connection is gone: the broker redelivers what was not acknowledged."""
        self._held.clear()
        self._room = 0
        self._to_keep.clear()

    def close(self) -> None:
        """End with the worker."""
        self._propagation.close(AT_THE_END)
        if self._quarantine is not None:
            self._quarantine.close()

    def _put(self, refused: Refused) -> None:
        message, error = refused.message, refused.error
        queue = find_direct(self._consumer.task_consumer, self._source_of(message))
        full = self._keep(refused)
        became = f"gone, as {full.what}" if full else "kept in quarantine"
        logger.error("%s; %s (%s): %s", error.what[:LONGEST_TEXT], became, error.reason, _named(message))
        count_refused(error.reason, is_kept=self._quarantine is not None and full is None)
        self._propagation.add(
            _named(message),
            partial(propagate_failure, self._consumer.app, self._backend, message, error, queue),
        )
        self._acknowledge(message)
        self._tell_monitors(message, error)

    def _keep(self, refused: Refused) -> QuarantineFullError | None:
        """Return why the message is not kept, if the app is configured to drop those beyond the bound."""
        if self._quarantine is None:
            return None
        try:
            self._quarantine.keep(refused.message, self._note(refused.message, refused.error))
        except QuarantineFullError as full:
            if not self._quarantine.limit.discards:
                raise
            return full
        return None

    def _tell_monitors(self, message: Any, error: RefusedMessageError) -> None:
        events = self._consumer.event_dispatcher
        if events is None or not events.enabled or not (task_id := id_of(message)):
            return
        try:
            events.send("task-failed", uuid=task_id, exception=repr(error))
        except Exception:  # whatever it is, the message is settled
            logger.exception("monitors do not hear of %s", _named(message))

    def _hold(self, refused: Refused) -> None:
        """Let the worker prefetch more, so that messages that wait here do not delay others.

        In growing steps, as each is a question to the broker.
        """
        self._held.add(refused.message.delivery_tag)
        if len(self._held) > self._room < MOST_HELD:
            more = min(max(self._room, LEAST_ROOM), MOST_HELD - self._room)
            self._room += more
            self._consumer.qos.increment_eventually(more)

    def _acknowledge(self, message: Any) -> None:
        self._held.discard(message.delivery_tag)
        if self._room and not self._held:
            self._consumer.qos.decrement_eventually(self._room)
            self._room = 0
        message.ack_log_error(logger, self._consumer.connection_errors)

    def _source_of(self, message: Any) -> str:
        return find_source(self._consumer.task_consumer, message)

    def _note(self, message: Any, error: RefusedMessageError) -> Note:
        return Note(
            reason=error.reason,
            explanation=error.what[:LONGEST_TEXT],
            at=datetime.now(UTC).isoformat(timespec="microseconds"),
            worker=self._consumer.hostname,
            queue=self._source_of(message),
            exchange=str((message.delivery_info or {}).get("exchange") or ""),
            task=_name_in_body(message),
            do=error.do[:LONGEST_TEXT],
        )


def _make_backend(app: Celery) -> Any:
    """Return a result store of our own, for the thread that tells, which says soon that it is away."""
    backend = make_result_store(app)
    backend.always_retry = False
    backend.retry_policy = {**getattr(backend, "retry_policy", {}), "max_retries": 1}
    connection = getattr(backend, "connparams", {})  # of Redis
    for timeout in {"socket_timeout", "socket_connect_timeout"} & connection.keys():
        connection[timeout] = min(connection[timeout] or LONGEST_ANSWER, LONGEST_ANSWER)
    return backend


def _name_in_body(message: Any) -> str:
    """Return the task's wire name where the headers do not say it."""
    if isinstance(message.headers, dict) and "task" not in message.headers:
        with suppress(RefusedMessageError):
            return read_name(message)
    return ""


def _named(message: Any) -> str:
    headers = message.headers if isinstance(message.headers, dict) else {}
    name = headers.get("task") or _name_in_body(message) or "(no task)"
    return f"{name}[{headers.get('id') or message.properties.get('correlation_id')}]"[:LONGEST_TEXT]
