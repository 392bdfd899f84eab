"""The verifier's side of the broker: sending messages and collecting their results."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from celery import Celery
from kombu.exceptions import EncodeError, OperationalError, SerializerNotInstalled

from taskcontract import embedded
from taskcontract.errors import BrokerError, VerificationError
from taskcontract.urls import hide_in_text, hide_password
from taskcontract.verification.replies import make_reply_reader
from taskcontract.verification.run_queues import make_queue
from taskcontract.verification.run_servers import ANOTHER_BROKER, CONNECT_SECONDS
from taskcontract.verification.sandbox import UNUSED_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kombu import Connection, Queue

    from taskcontract.model.canonical import Json
    from taskcontract.verification.outcome import Reply
    from taskcontract.verification.sandbox import RunSandbox

__all__ = ["Caller"]

LONGEST_REPR = 1024


class SandboxApp(Celery):
    """A Celery app that talks to the servers of one sandbox, whatever the environment names."""

    def __init__(self, sandbox: RunSandbox) -> None:
        self._sandbox = sandbox
        super().__init__("taskcontract", set_as_current=False, autofinalize=False)
        self.backend_cls = sandbox.backend
        self.conf.update(
            accept_content=["json", "msgpack", "yaml"],
            broker_connection_timeout=CONNECT_SECONDS,
            broker_transport_options=sandbox.transport_options(),
            result_backend_transport_options=sandbox.transport_options(),
            result_expires=UNUSED_SECONDS,
        )

    def connection_for_read(self, url: str | None = None, **options: Any) -> Connection:
        """Return a connection to the sandbox's broker."""
        return super().connection_for_read(self._sandbox.broker, **options)

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """Return a connection to the sandbox's broker."""
        return super().connection_for_write(self._sandbox.broker, **options)

    def connection(self, *_: Any, **options: Any) -> Connection:
        """Return a connection to the sandbox's broker."""
        return super().connection_for_write(self._sandbox.broker, **options)


class Caller:
    """Sends to the queues of a sandbox and reads what comes back. For one thread.

    Raises a BrokerError, its password hidden, where the broker or the result store refuses.
    """

    def __init__(self, sandbox: RunSandbox) -> None:
        embedded.register()
        self._sandbox = sandbox
        self._app = SandboxApp(sandbox)
        connection: Any = self._app.connection_for_write()
        self._connection = connection
        self._queues: dict[tuple[str, str], Queue] = {}
        try:
            connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=CONNECT_SECONDS)
            self._producer = self._app.amqp.Producer(self._connection, auto_declare=False)
            self._replies = make_reply_reader(self._app.backend)
        except (OperationalError, OSError, *connection.connection_errors) as error:
            connection.release()
            raise _explain(sandbox.broker, error) from None

    def send(
        self,
        name: str,
        args: Sequence[Json],
        kwargs: dict[str, Json],
        *,
        queue: str,
        run: str,
        serializer: str = "json",
        headers: dict[str, Any] | None = None,
        store_result: bool | None = None,
    ) -> str:
        """Send one message to the run's queue for `queue`; its task id."""
        task_id = str(uuid4())
        amqp: Any = self._app.amqp
        message = amqp.create_task_message(
            task_id,
            name,
            list(args),
            kwargs,
            reply_to=self._app.thread_oid,
            argsrepr=repr(tuple(args))[:LONGEST_REPR],
            kwargsrepr=repr(kwargs)[:LONGEST_REPR],
            ignore_result=None if store_result is None else not store_result,
        )
        try:
            self._replies.expect(task_id, self._producer)
            amqp.send_task_message(
                self._producer,
                name,
                message,
                queue=self._find_queue(queue, run),
                serializer=serializer,
                headers=headers,
                retry=False,
            )
        except (EncodeError, SerializerNotInstalled) as error:
            raise VerificationError(
                f"the message cannot be written as {serializer}: {error}",
                do=f"Install what {serializer} needs where the contracts are verified.",
            ) from None
        except (OperationalError, OSError, *self._connection.connection_errors) as error:
            raise _explain(self._sandbox.broker, error) from None
        return task_id

    def read(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        """Return the replies that have arrived; wait some milliseconds when there are none."""
        try:
            return self._replies.read(task_ids)
        except _store_errors(self._app.backend) as error:
            raise _explain(self._sandbox.backend, error) from None

    def close(self) -> None:
        """Let go of all connections."""
        with suppress(OSError, *self._connection.connection_errors):
            self._replies.close()
        self._connection.release()
        self._app.close()

    def _find_queue(self, name: str, run: str) -> Queue:
        queue = self._queues.get((name, run))
        if queue is None:
            queue = self._queues[name, run] = make_queue(name, run)
            self._sandbox.note_queue(queue.name)
        return queue


def _store_errors(backend: Any) -> tuple[type[BaseException], ...]:
    return (OSError, OperationalError, *getattr(backend, "connection_errors", ()))


def _explain(url: str, error: BaseException) -> BrokerError:
    said = hide_in_text(str(error), url)
    return BrokerError(f"the broker {hide_password(url)} refuses: {said}", do=ANOTHER_BROKER)
