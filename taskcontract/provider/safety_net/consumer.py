"""The worker's consumer with a net below it: no message is rejected or dropped by Celery itself."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, cast

from celery.worker.consumer import Consumer
from kombu.exceptions import ContentDisallowed

from taskcontract.errors import (
    RefusedContentError,
    RefusedMessageError,
    UnknownTaskError,
    UnreadableMessageError,
)
from taskcontract.provider.celery_task import IMPLEMENTED_AS
from taskcontract.provider.quarantine import SETTING, Note, Quarantine
from taskcontract.provider.safety_net.gate import Gate
from taskcontract.provider.safety_net.source import find_source
from taskcontract.provider.safety_net.telling import tell

__all__ = ["SafeConsumer"]

logger = logging.getLogger("taskcontract.safety_net")

LONGEST_WAIT = 60
"""Seconds between two attempts to reach a quarantine that is full or away."""


class SafeConsumer(Consumer):
    """Celery's consumer, except that what it would reject or drop goes into quarantine.

    Each hook follows the same order: the quarantine has the message, then those who wait are told,
    then the message is acknowledged. A crash in between repeats a step and loses nothing.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeps_nothing = self.app.conf.get(SETTING) == ""
        self._quarantine = None if keeps_nothing else Quarantine(self.app)
        self._connection_errors: Any = cast("Any", self).connection_errors

    def shutdown(self) -> None:
        """End with the worker."""
        super().shutdown()
        if self._quarantine is not None:
            self._quarantine.close()

    def reset_rate_limits(self) -> None:
        """Celery's limits, except that an old version shares that of the one which serves it.

        What a rate limit protects is the implementation, whichever version is called.
        """
        super().reset_rate_limits()
        buckets: Any = cast("Any", self).task_buckets
        for name, task in self.app.tasks.items():
            serving = self.app.tasks.get(getattr(task, IMPLEMENTED_AS, name), task)
            if task.rate_limit == serving.rate_limit:
                buckets[name] = buckets[serving.name]

    def connection_for_read(self, heartbeat: Any = None) -> Any:
        """The connection that messages come from; on Redis one that never holds a message unnoted."""
        connection: Any = self.app.connection_for_read(heartbeat=heartbeat)
        if connection.transport_cls in ("redis", "rediss"):
            from taskcontract.provider.safety_net.redis_claims import ClaimingTransport

            connection.transport_cls = ClaimingTransport
        return self.ensure_connected(connection)

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Any:
        """Celery's handler of received messages behind our gate."""
        handle = super().create_task_handler(*args, **kwargs)
        gate = Gate(self.app)

        def on_task_received(message: Any) -> Any:
            refusal = gate.let_through(message, cast("Any", self).event_dispatcher)
            if refusal is None:
                return handle(message)
            return self._keep(message, refusal)

        return on_task_received

    def on_unknown_task(self, body: Any, message: Any, exc: Any) -> None:
        """A task that this worker has no code for."""
        name = message.headers.get("task")
        error = UnknownTaskError(
            f"no worker code for the task {name!r}",
            self.hostname,
            "Deploy a worker that serves it, then `taskcontract quarantine replay`.",
        )
        self._keep(message, error)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """A message that is no task message at all."""
        error = UnreadableMessageError("this is no message of Celery's", self.hostname)
        self._keep(message, error)

    def on_invalid_task(self, body: Any, message: Any, exc: Any) -> None:
        """A task message with a wrong header, or with a content type that is refused."""
        self._keep(message, self._unreadable(exc))

    def on_decode_error(self, message: Any, exc: Any) -> None:
        """A body that cannot be read as what it says it is."""
        self._keep(message, self._unreadable(exc))

    def _unreadable(self, exc: Exception) -> RefusedMessageError:
        if isinstance(exc, ContentDisallowed):
            return RefusedContentError(str(exc), self.hostname, "Send it as JSON.")
        return UnreadableMessageError(f"it cannot be read: {exc}", self.hostname)

    def _keep(self, message: Any, error: RefusedMessageError, wait: float = 1) -> None:
        try:
            if self._quarantine is not None:
                self._quarantine.keep(message, self._note(message, error))
        except Exception as away:  # whatever it is (full, away, refused), the message is not there
            # Not acknowledged: the broker gives it to somebody else if this worker goes away first.
            logger.error("%s; trying again in %d s: %s", error.what, wait, away)
            self.timer.call_after(wait, self._keep, (message, error, min(wait * 2, LONGEST_WAIT)))
            return
        logger.error("%s; kept in quarantine (%s): %s", error.what, error.reason, _named(message))
        try:
            tell(self.app, message, error)
        except Exception:  # the message is safe; whatever the result store raises is the operator's to see
            logger.exception("the caller of %s could not be told", _named(message))
        message.ack_log_error(logger, self._connection_errors)

    def _note(self, message: Any, error: RefusedMessageError) -> Note:
        return Note(
            reason=error.reason,
            explanation=error.what,
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            worker=self.hostname,
            queue=find_source(cast("Any", self).task_consumer, message),
            exchange=str((message.delivery_info or {}).get("exchange") or ""),
        )


def _named(message: Any) -> str:
    headers = message.headers if isinstance(message.headers, dict) else {}
    return f"{headers.get('task')}[{headers.get('id')}]"
