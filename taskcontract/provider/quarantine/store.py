"""Putting messages into the quarantine queue, looking at them, sending them back."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from celery import states
from celery.backends.base import DisabledBackend
from kombu import Exchange, Queue

from taskcontract.errors import BrokerError
from taskcontract.provider.quarantine.kept import Kept, Note, note_message
from taskcontract.provider.quarantine.publishing import Publisher
from taskcontract.provider.quarantine.shelf import open_shelf
from taskcontract.provider.reaching import reaching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from celery import Celery

    from taskcontract.provider.quarantine.shelf import Shelved

__all__ = ["QUEUE", "SETTING", "Quarantine", "Replayed"]

QUEUE = "taskcontract.quarantine"
"""One for all services on a broker; a durable queue that nobody consumes."""

SETTING = "taskcontract_quarantine"
"""The key of an app's configuration that names another queue, or none at all with `""`."""


class Replayed(NamedTuple):
    """What a replay did: the messages that it `sent`, and those whose task had `succeeded` meanwhile."""

    sent: list[Kept]
    succeeded: list[Kept]


class Quarantine:
    """The quarantine queue on the broker of `app`: `name`, or the one that the app is configured with."""

    def __init__(self, app: Celery, name: str = "") -> None:
        self._app = app
        self.name = name = name or app.conf.get(SETTING) or QUEUE
        # Looking at a queue of RabbitMQ gives its messages back. One that counts how often (a quorum
        # queue, which is the default of some brokers) drops what was looked at too often.
        kind = {"x-queue-type": "classic"}
        self._queue = Queue(name, Exchange(""), routing_key=name, durable=True, queue_arguments=kind)
        self._publisher = Publisher(app)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, message: Any, note: Note) -> None:
        """Put a consumed kombu `message` into quarantine, whole; returns when the broker has it.

        A BrokerError means that it is not there: the message must not be acknowledged.
        """
        self._publisher.publish(note_message(message, note), self._queue.name, declare=self._queue)

    def look(self) -> list[Kept]:
        """Every kept message once, the oldest first; all stay where they are."""
        with self._open() as shelf:
            return _distinct([each.kept for each in shelf])

    def replay(self, chosen: Callable[[Kept], bool], to: str = "") -> Replayed:
        """Send the `chosen` messages back to their queues, or all of them to the queue `to`.

        A message that was kept twice is sent once, and not at all where its task has succeeded since it
        was kept: to replay again is harmless. A BrokerError where a queue is not there: that message,
        and those behind it, stay in quarantine.
        """
        sent: dict[str, Kept] = {}
        done: dict[str, Kept] = {}
        with self._open() as shelf:
            for each in shelf:
                kept = each.kept
                if not chosen(kept):
                    continue
                if kept.fingerprint in sent or kept.fingerprint in done:
                    each.remove()
                elif self._has_succeeded(kept):
                    each.remove()
                    done[kept.fingerprint] = kept
                else:
                    each.move(to or _origin_of(kept))
                    sent[kept.fingerprint] = kept
        return Replayed(list(sent.values()), list(done.values()))

    def drop(self, chosen: Callable[[Kept], bool]) -> list[Kept]:
        """Remove the `chosen` messages for good; returns them."""
        dropped: list[Kept] = []
        with self._open() as shelf:
            for each in shelf:
                if chosen(each.kept):
                    each.remove()
                    dropped.append(each.kept)
        return _distinct(dropped)

    def close(self) -> None:
        """Give back the connection, if one was made."""
        self._publisher.close()

    @contextmanager
    def _open(self) -> Iterator[list[Shelved]]:
        def publish(kept: Kept, queue: str) -> None:
            self._publisher.publish(kept.as_message(), queue)

        with (
            reaching(self._app, "the quarantine") as connection,
            open_shelf(connection, self._queue, publish) as shelf,
        ):
            yield shelf

    def _has_succeeded(self, kept: Kept) -> bool:
        backend: Any = self._app.backend
        if isinstance(backend, DisabledBackend):
            return False
        try:
            result = self._app.AsyncResult(kept.id)
            done = result.date_done if result.state == states.SUCCESS else None
        except Exception as error:  # a result store may raise anything
            raise BrokerError(
                f"the result store does not say whether {kept.id} has succeeded: {error}",
                do="Start it, or name another one with --backend.",
            ) from error
        return done is not None and _spell(done) >= kept.note.at


def _spell(time: datetime) -> str:
    """The time as a note has it; Celery's own are in UTC."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")


def _origin_of(kept: Kept) -> str:
    if not kept.note.queue:
        raise BrokerError(
            f"{kept.id} does not say which queue it came from", do="Name one: `replay --to QUEUE`."
        )
    return kept.note.queue


def _distinct(kept: list[Kept]) -> list[Kept]:
    """Each message once: one that is redelivered before its acknowledgement is kept again."""
    first: dict[str, Kept] = {}
    for each in sorted(kept, key=lambda each: each.note.at):
        first.setdefault(each.fingerprint, each)
    return list(first.values())
