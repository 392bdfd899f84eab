"""The worker's consumer with a net below it: no message is rejected or dropped by Celery itself."""

from __future__ import annotations

from typing import Any, cast

from celery import signals
from celery.worker.consumer import Consumer
from celery.worker.state import requests, task_ready

from taskcontract.errors import RefusedMessageError, UnknownTaskError, UnreadableMessageError
from taskcontract.provider.celery_task import IMPLEMENTED_AS
from taskcontract.provider.safety_net.envelope import explain_unreadable, read_envelope, read_name
from taskcontract.provider.safety_net.gate import Gate
from taskcontract.provider.safety_net.keeping import Keeper

__all__ = ["SafeConsumer"]

MALFORMED = (TypeError, ValueError, LookupError, AttributeError)
"""What Celery's own reading of a message raises where its form is not as expected."""


class SafeConsumer(Consumer):
    """Celery's consumer, except that what it would reject, drop or end with goes into quarantine."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keeper = Keeper(self)

    def on_close(self) -> None:
        """The connection is lost, or given up."""
        super().on_close()
        self._keeper.forget_held()

    def shutdown(self) -> None:
        """End with the worker."""
        super().shutdown()
        self._keeper.close()

    def reset_rate_limits(self) -> None:
        """Celery's limits, except that an old version shares that of the one which serves it.

        What a rate limit protects is the implementation, whichever version is called. A limit that an
        operator sets on the old version alone is its own.
        """
        super().reset_rate_limits()
        buckets: Any = cast("Any", self).task_buckets
        for name, task in self.app.tasks.items():
            serving = self.app.tasks.get(getattr(task, IMPLEMENTED_AS, name), task)
            if task.rate_limit == type(task).rate_limit:
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
        consumer = cast("Any", self)

        def on_task_received(message: Any) -> Any:
            try:
                name = read_name(message)
                if name in consumer.strategies or gate.knows(name):
                    gate.let_through(read_envelope(message, name), message, consumer.event_dispatcher)
            except RefusedMessageError as refusal:
                return self._refuse(message, refusal)
            try:
                return handle(message)
            except MALFORMED as error:
                if message.acknowledged or isinstance(error, consumer.connection_errors):
                    raise
                self._take_back(message)
                return self._refuse(message, explain_unreadable(error))

        return on_task_received

    def on_unknown_task(self, body: Any, message: Any, exc: Any) -> None:
        """A task that this worker has no code for."""
        name = read_name(message)
        error = UnknownTaskError(
            f"no worker code for the task {name!r}",
            self.hostname,
            "Deploy a worker that serves it, then `taskcontract quarantine replay`.",
        )
        self._keeper.keep(message, error)
        task_id = message.headers.get("id")
        signals.task_unknown.send(sender=self, message=message, exc=exc, name=name, id=task_id)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """A message that is no task message at all."""
        self._refuse(message, UnreadableMessageError("this is no message of Celery's"))

    def on_invalid_task(self, body: Any, message: Any, exc: Any) -> None:
        """A task message with a wrong header, or with a content type that is refused."""
        self._refuse(message, explain_unreadable(exc))

    def on_decode_error(self, message: Any, exc: Any) -> None:
        """A body that cannot be read as what it says it is."""
        self._refuse(message, explain_unreadable(exc))

    def _take_back(self, message: Any) -> None:
        """Undo what Celery has noted of a message that it failed to hand to the pool."""
        request = requests.get(message.headers.get("id"))
        if request is not None:
            task_ready(request)
            release: Any = getattr(cast("Any", self).controller, "_quick_release", None)
            if release is not None:
                release()

    def _refuse(self, message: Any, refusal: RefusedMessageError) -> None:
        where = refusal.where or self.hostname
        self._keeper.keep(message, type(refusal)(refusal.what, where, refusal.do))
        signals.task_rejected.send(sender=self, message=message, exc=refusal)
