"""What becomes of a refused message: into quarantine, its waiters told, acknowledged; in this order."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from taskcontract.errors import RefusedMessageError
from taskcontract.provider.quarantine import SETTING, Note, Quarantine
from taskcontract.provider.safety_net.backlog import Backlog, Refused
from taskcontract.provider.safety_net.envelope import read_name
from taskcontract.provider.safety_net.source import find_source
from taskcontract.provider.safety_net.telling import tell

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["MOST_HELD", "TOLD_WITHIN", "Keeper"]

logger = logging.getLogger("taskcontract.safety_net")

TOLD_WITHIN = 120
"""Seconds that a result store has to come back, so that a caller can be told; the message is safe by then."""

MOST_HELD = 1000
"""Messages that may wait for a quarantine beside those that the worker prefetches."""

LEAST_ROOM = 16
"""How many more a worker prefetches at first."""

LONGEST_TEXT = 500
"""Characters of an explanation that travel with a message: a name in it may be of any length."""


class Keeper:
    """Keeps the messages that the worker's `consumer` refuses.

    A crash between two of the steps repeats one and loses nothing. What cannot be kept is not
    acknowledged: it is tried again, and the broker gives it to another worker if this one ends.
    """

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        keeps_nothing = consumer.app.conf.get(SETTING) == ""
        self._quarantine = None if keeps_nothing else Quarantine(consumer.app)
        self._backend = _make_backend(consumer.app)
        self._held: set[str] = set()
        self._room = 0
        self._to_keep = Backlog(consumer.timer, self._put, self._hold)
        self._to_tell = Backlog(consumer.timer, self._tell, self._hold)

    def keep(self, message: Any, error: RefusedMessageError) -> None:
        """Put the kombu `message` into quarantine, tell its caller `error`, acknowledge it."""
        if self._quarantine is not None and self._source_of(message) == self._quarantine.name:
            name = self._quarantine.name
            logger.error(
                "%s is the quarantine, which no worker should consume: left there: %s", name, _named(message)
            )
            self._hold(Refused(message, error))
            return
        self._to_keep.add(Refused(message, error))

    def forget_held(self) -> None:
        """The connection is gone: the broker gives again what was not acknowledged."""
        self._held.clear()
        self._room = 0
        self._to_keep.clear()
        self._to_tell.clear()

    def close(self) -> None:
        """End with the worker."""
        if self._quarantine is not None:
            self._quarantine.close()

    def _put(self, refused: Refused) -> None:
        message, error = refused.message, refused.error
        if self._quarantine is not None:
            self._quarantine.keep(message, self._note(message, error))
        logger.error(
            "%s; kept in quarantine (%s): %s", error.what[:LONGEST_TEXT], error.reason, _named(message)
        )
        self._to_tell.add(Refused(message, error))

    def _tell(self, refused: Refused) -> None:
        try:
            tell(self._backend, refused.message, refused.error, self._consumer.event_dispatcher)
        except Exception:  # whatever the result store raises
            if time.monotonic() - refused.since < TOLD_WITHIN:
                raise
            logger.exception("the caller of %s could not be told", _named(refused.message))
        self._acknowledge(refused.message)

    def _hold(self, refused: Refused) -> None:
        """Let the worker prefetch more, so that what waits here keeps nobody else waiting.

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
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            worker=self._consumer.hostname,
            queue=self._source_of(message),
            exchange=str((message.delivery_info or {}).get("exchange") or ""),
            task=_name_in_body(message),
        )


def _make_backend(app: Celery) -> Any:
    """A result store of our own, which says soon that it is away: Celery's would hold the worker's loop."""
    make: Any = getattr(app, "_get_backend")  # noqa: B009 - what makes `app.backend`, for each thread one
    backend = make()
    backend.always_retry = False
    backend.retry_policy = {**getattr(backend, "retry_policy", {}), "max_retries": 1}
    return backend


def _name_in_body(message: Any) -> str:
    """The task's wire name where the headers do not say it."""
    if isinstance(message.headers, dict) and "task" not in message.headers:
        with suppress(RefusedMessageError):
            return read_name(message)
    return ""


def _named(message: Any) -> str:
    headers = message.headers if isinstance(message.headers, dict) else {}
    name = headers.get("task") or _name_in_body(message) or "(no task)"
    return f"{name}[{headers.get('id') or message.properties.get('correlation_id')}]"[:LONGEST_TEXT]
