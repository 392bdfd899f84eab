"""The verifier's side of the broker: sending messages and collecting their results."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from celery import Celery
from celery.backends.base import BaseKeyValueStoreBackend
from kombu import Exchange
from kombu.exceptions import EncodeError, OperationalError, SerializerNotInstalled

from taskcontract import embedded
from taskcontract.errors import BrokerError, VerificationError
from taskcontract.urls import hide_in_text, hide_password
from taskcontract.verification.calls.replies import make_reply_reader
from taskcontract.verification.sandbox.run_queues import make_queue
from taskcontract.verification.sandbox.run_servers import ANOTHER_BROKER, CONNECT_SECONDS
from taskcontract.verification.sandbox.sandbox import UNUSED_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kombu import Connection, Queue

    from taskcontract.model.canonical import Json
    from taskcontract.verification.outcome import Reply
    from taskcontract.verification.sandbox.sandbox import RunSandbox

__all__ = ["Caller", "Servers", "ServersApp", "servers_of"]

LONGEST_REPR = 1024
NOTHING_ELSE = [Exchange("")]
"""The default exchange, which is always there: what kombu is told to declare instead of the queue."""


class ServersApp(Celery):
    """A Celery app that talks to the servers at these URLs, whatever the environment names."""

    def __init__(self, broker: str, backend: str, settings: Mapping[str, Any]) -> None:
        self._broker = broker
        super().__init__("taskcontract", set_as_current=False, autofinalize=False)
        self.backend_cls = backend
        self.conf.update(
            settings,
            accept_content=["json", "msgpack", "yaml"],
            broker_connection_timeout=CONNECT_SECONDS,
            # Celery would read these from the environment, and messages about connections print them.
            broker_read_url=broker,
            broker_write_url=broker,
        )

    def connection_for_read(self, url: str | None = None, **options: Any) -> Connection:
        """Return a connection to that broker."""
        return super().connection_for_read(self._broker, **options)

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """Return a connection to that broker."""
        return super().connection_for_write(self._broker, **options)

    def connection(self, *_: Any, **options: Any) -> Connection:
        """Return a connection to that broker."""
        return super().connection_for_write(self._broker, **options)


class Servers(NamedTuple):
    """Where a caller sends and reads: the URLs, the settings of its app, and how it finds a queue.

    `find_queue` gets a queue's name and the run that sends; `advice` says what to do where a server refuses.
    """

    broker: str
    backend: str
    settings: Mapping[str, Any]
    find_queue: Callable[[str, str], Queue]
    advice: str = ANOTHER_BROKER


def servers_of(sandbox: RunSandbox) -> Servers:
    """Return the servers of a run, on which each queue is one of the run's own, and goes with it."""

    def find_queue(name: str, run: str) -> Queue:
        queue = make_queue(name, run)
        sandbox.note_queue(queue.name)
        return queue

    settings = {
        "broker_transport_options": sandbox.transport_options(),
        "result_backend_transport_options": sandbox.transport_options(),
        "result_expires": UNUSED_SECONDS,
    }
    return Servers(sandbox.broker, sandbox.backend, settings, find_queue)


class Caller:
    """Sends to the queues of `servers` and reads what comes back. For one thread.

    Raises a BrokerError, its password hidden, where the broker or the result store refuses.
    """

    def __init__(self, servers: Servers) -> None:
        embedded.register()
        self._servers = servers
        self.app = ServersApp(servers.broker, servers.backend, servers.settings)
        connection: Any = self.app.connection_for_write()
        self._connection = connection
        self._queues: dict[tuple[str, str], Queue] = {}
        self._sent: list[str] = []
        try:
            connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=CONNECT_SECONDS)
            self._producer = self.app.amqp.Producer(self._connection, auto_declare=False)
            self._replies = make_reply_reader(self.app.backend)
        except (OperationalError, OSError, *connection.connection_errors) as error:
            connection.release()
            raise self._explain(servers.broker, error) from None

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
        """Send one message to the queue that `run` has for `queue`; its task id."""
        task_id = str(uuid4())
        amqp: Any = self.app.amqp
        message = amqp.create_task_message(
            task_id,
            name,
            list(args),
            kwargs,
            reply_to=self.app.thread_oid,
            argsrepr=repr(tuple(args))[:LONGEST_REPR],
            kwargsrepr=repr(kwargs)[:LONGEST_REPR],
            ignore_result=None if store_result is None else not store_result,
        )
        known = (queue, run) in self._queues
        try:
            self._replies.expect(task_id, self._producer)
            amqp.send_task_message(
                self._producer,
                name,
                message,
                queue=self._find_queue(queue, run),
                # The queue itself once: kombu would ask for one that may go unused at each message.
                declare=NOTHING_ELSE if known else None,
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
            raise self._explain(self._servers.broker, error) from None
        self._sent.append(task_id)
        return task_id

    def read(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        """Return the replies that have arrived; wait some milliseconds when there are none."""
        try:
            return self._replies.read(task_ids)
        except _store_errors(self.app.backend) as error:
            raise self._explain(self._servers.backend, error) from None

    def state_of(self, task_id: str) -> str:
        """Return the state that the result store has for a task; empty where it cannot be asked."""
        if not isinstance(self.app.backend, BaseKeyValueStoreBackend):
            return ""
        try:
            return str(self.app.backend.get_task_meta(task_id, cache=False).get("status", ""))
        except _store_errors(self.app.backend):
            return ""

    def forget(self) -> None:
        """Drop the results of all that was sent from a store that keeps them until they expire."""
        sent, self._sent = self._sent, []
        if not isinstance(self.app.backend, BaseKeyValueStoreBackend):
            return
        try:
            for task_id in sent:
                self.app.backend.forget(task_id)
        except _store_errors(self.app.backend) as error:
            raise self._explain(self._servers.backend, error) from None

    def close(self) -> None:
        """Let go of all connections."""
        with suppress(OSError, *self._connection.connection_errors):
            self._replies.close()
        self._connection.release()
        self.app.close()

    def _find_queue(self, name: str, run: str) -> Queue:
        queue = self._queues.get((name, run))
        if queue is None:
            queue = self._queues[name, run] = self._servers.find_queue(name, run)
        return queue

    def _explain(self, url: str, error: BaseException) -> BrokerError:
        said = hide_in_text(str(error), url)
        return BrokerError(f"the broker {hide_password(url)} refuses: {said}", do=self._servers.advice)


def _store_errors(backend: Any) -> tuple[type[BaseException], ...]:
    return (OSError, OperationalError, *getattr(backend, "connection_errors", ()))
