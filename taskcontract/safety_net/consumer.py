"""The worker's consumer with a net below it: no message is rejected or dropped by Celery itself.

A project's own consumer class stands between two parts. In front of it, `SafetyNet` keeps what is refused
before any other code sees it. Behind it, `Ending` replaces what Celery's class would do with it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from celery import signals
from celery.utils.imports import symbol_by_name
from celery.worker.consumer import Consumer

from taskcontract.brokers.received import unpack_within_bounds
from taskcontract.celery_compat.amqp_frames import take_any_headers
from taskcontract.celery_compat.any_message import MALFORMED
from taskcontract.celery_compat.gossip import pass_over_broken_events
from taskcontract.celery_compat.pool_places import take_back
from taskcontract.celery_compat.sqs_messages import take_any_text
from taskcontract.declare.serving import IMPLEMENTED_AS
from taskcontract.errors import RefusedMessageError, UnknownTaskError, UnreadableMessageError
from taskcontract.safety_net.admission import Admission
from taskcontract.safety_net.envelope import explain_unreadable, read_envelope, read_name
from taskcontract.safety_net.refusal_handler import RefusalHandler
from taskcontract.safety_net.shown_secrets import hide_from_inspection

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SafetyNet", "find_consumer"]

logger = logging.getLogger("taskcontract.safety_net")


def find_consumer(theirs: Any) -> type[SafetyNet]:
    """Return the class `theirs` (or its dotted name) with the net; raise a TypeError if it does not fit."""
    try:
        found = symbol_by_name(theirs)
    except Exception as error:  # whatever importing a module of the user's raises
        raise TypeError(f"it cannot be imported: {error!r}") from None
    if not (isinstance(found, type) and issubclass(found, Consumer)):
        raise TypeError("it is not a subclass of celery.worker.consumer.Consumer")
    if issubclass(found, SafetyNet):
        return found
    names = {"__module__": found.__module__, "__qualname__": f"Safe{found.__qualname__}"}
    bases: Any = (SafetyNet, Ending) if found is Consumer else (SafetyNet, found, Ending)
    return type(f"Safe{found.__name__}", bases, names)


class SafetyNet(Consumer):
    """In front of a consumer's class: what it would reject, drop or end with goes into quarantine."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refusal_handler = RefusalHandler(self)
        pass_over_broken_events(self)

    def on_close(self) -> None:
        """Note that the connection is lost, or given up."""
        super().on_close()
        self._refusal_handler.forget_held()

    def shutdown(self) -> None:
        """End with the worker."""
        super().shutdown()
        self._refusal_handler.close()

    def update_strategies(self) -> None:
        """Make Celery's strategy for each task, with the secrets hidden from what inspects the worker."""
        hide_from_inspection(self.app)
        super().update_strategies()

    def reset_rate_limits(self) -> None:
        """Set Celery's limits, except that an old version shares that of the one which serves it.

        What a rate limit protects is the implementation, whichever version is called. A limit that an
        operator sets on the old version alone is its own.
        """
        super().reset_rate_limits()
        buckets: Any = cast("Any", self).task_buckets
        for name, task in self.app.tasks.items():
            serving = self.app.tasks.get(getattr(task, IMPLEMENTED_AS, name), task)
            if task.rate_limit == type(task).rate_limit:
                buckets[name] = buckets[serving.name]

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Any:
        """Return Celery's handler of received messages behind our admission."""
        handle = super().create_task_handler(*args, **kwargs)
        admission = self._admission = Admission(self.app)
        consumer = cast("Any", self)

        def on_task_received(message: Any) -> Any:
            try:
                name = read_name(message)
                if name in consumer.strategies or admission.knows(name):
                    admission.let_through(read_envelope(message, name), message, consumer.event_dispatcher)
            except RefusedMessageError as refusal:
                return self._refuse(message, refusal)
            except Exception as error:  # whatever reading and judging it meets is this message's own fault
                return self._refuse(message, explain_unreadable(error))
            try:
                return handle(message)
            except MALFORMED as error:
                if message.acknowledged:
                    raise
                take_back(consumer.controller, message.headers.get("id"))
                return self._refuse(message, explain_unreadable(error))

        return on_task_received

    def on_unknown_task(self, body: Any, message: Any, exc: Any) -> None:
        """Refuse a task that this worker has no code for."""
        name = read_name(message)
        error = UnknownTaskError(
            f"no worker code for the task {name!r}",
            self.hostname,
            "Deploy a worker that serves it, then `taskcontract quarantine replay`.",
        )
        self._refusal_handler.keep(message, error)
        with _going_on():
            super().on_unknown_task(body, Settled(message), exc)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """Refuse a message that is not a task message."""
        self._keep(message, UnreadableMessageError("this is not a Celery message"))
        with _going_on():
            super().on_unknown_message(body, Settled(message))

    def on_invalid_task(self, body: Any, message: Any, exc: Any) -> None:
        """Refuse a task message with a wrong header, or with a content type that is not accepted."""
        self._keep(message, explain_unreadable(exc))
        with _going_on():
            super().on_invalid_task(body, Settled(message), exc)

    def on_decode_error(self, message: Any, exc: Any) -> None:
        """Refuse a body that cannot be read as its content type."""
        tasks: Any = cast("Any", self).task_consumer
        if message.channel is not tasks.channel:  # of the remote control, which calls this too
            logger.warning("a control command that cannot be read is passed over: %r", exc)
            return
        self._keep(message, explain_unreadable(exc))
        with _going_on():
            super().on_decode_error(Settled(message), exc)

    def _refuse(self, message: Any, refusal: RefusedMessageError) -> None:
        self._keep(message, refusal)
        signals.task_rejected.send(sender=self, message=message, exc=refusal)

    def _keep(self, message: Any, refusal: RefusedMessageError) -> None:
        with suppress(RefusedMessageError):  # it names no task
            refusal = self._admission.explain_skew(refusal, read_name(message), message.headers)
        where = refusal.where or self.hostname
        self._refusal_handler.keep(message, type(refusal)(refusal.what, where, refusal.do))


class Ending(Consumer):
    """Behind a consumer's class, in place of what Celery's own does: reject, drop, mark as failed."""

    def connection_for_read(self, heartbeat: Any = None) -> Any:
        """Return the connection that messages come from.

        It unpacks no body without a bound. On Redis it never holds a message unnoted, on RabbitMQ it takes
        any headers, on SQS any text.
        """
        connection: Any = self.app.connection_for_read(heartbeat=heartbeat)
        if connection.transport_cls in ("redis", "rediss"):
            from taskcontract.celery_compat.redis_claims import claim_in_one_step

            claim_in_one_step(connection)
        take_any_headers(connection)
        take_any_text(connection)
        unpack_within_bounds(connection)
        return self.ensure_connected(connection)

    def on_unknown_task(self, body: Any, message: Any, exc: Any) -> None:
        """Tell who listens to Celery's signal."""
        found = {"name": read_name(message), "id": message.headers.get("id")}
        signals.task_unknown.send(sender=self, message=message, exc=exc, **found)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """Tell who listens to Celery's signal."""
        signals.task_rejected.send(sender=self, message=message, exc=None)

    def on_invalid_task(self, body: Any, message: Any, exc: Any) -> None:
        """Tell who listens to Celery's signal."""
        signals.task_rejected.send(sender=self, message=message, exc=exc)

    def on_decode_error(self, message: Any, exc: Any) -> None:
        """Tell who listens to Celery's signal."""
        signals.task_rejected.send(sender=self, message=message, exc=exc)


class Settled:
    """A message that the net has, as others may look at it: to acknowledge or reject it does nothing."""

    def __init__(self, message: Any) -> None:
        self._message = message

    def __getattr__(self, name: str) -> Any:
        return _do_nothing if name in SETTLING else getattr(self._message, name)


SETTLING = ("ack", "ack_log_error", "reject", "reject_log_error", "requeue")


def _do_nothing(*_: object, **__: object) -> None:
    """Acknowledge or reject a message that is not a task's."""


@contextmanager
def _going_on() -> Iterator[None]:
    """Whatever the project's own handler raises, the worker takes its next message."""
    try:
        yield
    except Exception:
        logger.exception("a handler of the worker's own consumer failed; the message is kept")
