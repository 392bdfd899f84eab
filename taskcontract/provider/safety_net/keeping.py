"""What becomes of a refused message: into quarantine, its waiters told, acknowledged; in this order."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from taskcontract.errors import RefusedMessageError
from taskcontract.provider.quarantine import SETTING, Note, Quarantine
from taskcontract.provider.safety_net.envelope import read_name
from taskcontract.provider.safety_net.source import find_source
from taskcontract.provider.safety_net.telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONGEST_WAIT", "MOST_HELD", "TELLINGS", "Keeper"]

logger = logging.getLogger("taskcontract.safety_net")

LONGEST_WAIT = 60
"""Seconds between two attempts to reach a quarantine or a result store that is full or away."""

TELLINGS = 8
"""Attempts to tell a caller, over some two minutes; the message is safe by then."""

MOST_HELD = 1000
"""Messages that may wait for a quarantine beside those that the worker prefetches."""

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
        self._held: set[str] = set()
        self._planned: deque[Any] = deque(maxlen=MOST_HELD)

    def keep(self, message: Any, error: RefusedMessageError) -> None:
        """Put the kombu `message` into quarantine, tell its caller `error`, acknowledge it."""
        self._put(message, error, 0)

    def forget_held(self) -> None:
        """The connection is gone: the broker gives again what was not acknowledged."""
        self._held.clear()
        for entry in self._planned:
            self._consumer.timer.cancel(entry)
        self._planned.clear()

    def close(self) -> None:
        """End with the worker."""
        if self._quarantine is not None:
            self._quarantine.close()

    def _put(self, message: Any, error: RefusedMessageError, attempt: int) -> None:
        queue = find_source(self._consumer.task_consumer, message)
        if self._quarantine is not None and queue == self._quarantine.name:
            logger.error(
                "%s is the quarantine: no worker should consume it; left there: %s", queue, _named(message)
            )
            self._hold(message)
            return
        try:
            if self._quarantine is not None:
                self._quarantine.keep(message, self._note(message, error, queue))
        except Exception as away:  # whatever it is (full, away, refused), the message is not there
            self._try_later(self._put, message, error, attempt, away)
            return
        logger.error(
            "%s; kept in quarantine (%s): %s", error.what[:LONGEST_TEXT], error.reason, _named(message)
        )
        self._tell(message, error, 0)

    def _tell(self, message: Any, error: RefusedMessageError, attempt: int) -> None:
        try:
            tell(self._consumer.app, message, error, self._consumer.event_dispatcher)
        except Exception as away:  # whatever the result store raises
            if attempt + 1 < TELLINGS:
                self._try_later(self._tell, message, error, attempt, away)
                return
            logger.exception("the caller of %s could not be told", _named(message))
        self._acknowledge(message)

    def _try_later(
        self,
        step: Callable[[Any, RefusedMessageError, int], None],
        message: Any,
        error: RefusedMessageError,
        attempt: int,
        why: Exception,
    ) -> None:
        wait = min(2**attempt, LONGEST_WAIT)
        logger.error("%s; trying again in %d s: %s", error.what[:LONGEST_TEXT], wait, str(why) or repr(why))
        self._hold(message)
        self._planned.append(self._consumer.timer.call_after(wait, step, (message, error, attempt + 1)))

    def _hold(self, message: Any) -> None:
        """Let the worker prefetch one more, so that what waits here keeps nobody else waiting."""
        if message.delivery_tag not in self._held and len(self._held) < MOST_HELD:
            self._held.add(message.delivery_tag)
            self._consumer.qos.increment_eventually()

    def _acknowledge(self, message: Any) -> None:
        if message.delivery_tag in self._held:
            self._held.discard(message.delivery_tag)
            self._consumer.qos.decrement_eventually()
        message.ack_log_error(logger, self._consumer.connection_errors)

    def _note(self, message: Any, error: RefusedMessageError, queue: str) -> Note:
        return Note(
            reason=error.reason,
            explanation=error.what[:LONGEST_TEXT],
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            worker=self._consumer.hostname,
            queue=queue,
            exchange=str((message.delivery_info or {}).get("exchange") or ""),
            task=_name_in_body(message),
        )


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
