"""Putting messages into the quarantine queue, looking at them, sending them back."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from taskcontract.brokers.connections import reaching
from taskcontract.errors import BrokerError
from taskcontract.safety_net.quarantine.kept import find_id_of
from taskcontract.safety_net.quarantine.limit import read_limit
from taskcontract.safety_net.quarantine.measuring import measure
from taskcontract.safety_net.quarantine.noting import note_message, pack_message, shorten_message
from taskcontract.safety_net.quarantine.parts import Parts, are_found
from taskcontract.safety_net.quarantine.publishing import Publisher, is_too_large, refuses_message
from taskcontract.safety_net.quarantine.queue_browser import MOST, browse_queues
from taskcontract.safety_net.quarantine.succeeding import find_success

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from celery import Celery

    from taskcontract.safety_net.quarantine.kept import Kept, Note
    from taskcontract.safety_net.quarantine.measuring import Measured
    from taskcontract.safety_net.quarantine.queue_browser import BrowsedMessage

__all__ = ["QUEUE", "SETTING", "Quarantine", "Replayed"]

QUEUE = "taskcontract.quarantine"
"""One for all services on a broker; a durable queue that no worker consumes."""

SETTING = "taskcontract_quarantine"
"""The key of an app's configuration that names another queue, or none at all with `""`."""


class Replayed(NamedTuple):
    """What a replay did: the messages that it `sent`, and those whose task had `succeeded` meanwhile.

    Those of which only a part is kept stay where they are.
    """

    sent: list[Kept]
    succeeded: list[Kept]


class Quarantine:
    """The quarantine queue on the broker of `app`: `name`, or the one that the app is configured with."""

    def __init__(self, app: Celery, name: str = "") -> None:
        self._app = app
        self.name = name = name or app.conf.get(SETTING) or QUEUE
        self._parts = Parts(name)
        self._publisher = Publisher(app)
        self.limit = read_limit(app.conf)
        self.is_cut = False
        """Whether the last look stopped at the MOST messages that one look reads."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, message: Any, note: Note) -> None:
        """Put a consumed kombu `message` into quarantine; returns when the broker has it.

        A message that the broker takes at no time (too large, of text that it cannot encode, ...) is kept in
        part. A BrokerError means that it is not there: the message must not be acknowledged. One of them, a
        QuarantineFullError, says that the quarantine has as many as it takes.
        """
        self.limit.demand_room(self.name, lambda: self._publisher.ask(self._parts.count))
        noted = note_message(message, note)
        refusal = self._offer(noted)
        if refusal and is_too_large(refusal) and (packed := pack_message(noted)):
            refusal = self._offer(packed)
        if refusal:
            self._publish(shorten_message(message, note, f"the broker does not take it: {refusal}"))

    def _offer(self, message: dict[str, Any]) -> Exception | None:
        """Publish the message; return the error of a broker that takes it at no time, raise any other."""
        try:
            self._publish(message)
        except OSError:
            raise
        except Exception as error:  # whatever a transport raises of a message that it cannot take
            if isinstance(error, BrokerError) and not refuses_message(error):
                raise
            return error
        return None

    def _publish(self, message: dict[str, Any]) -> None:
        def choose(connection: Any) -> str:
            return self._parts.choose(connection, find_id_of(message))

        self._publisher.publish(message, self.name, choose=choose)

    def is_its(self, queue: str, channel: Any = None) -> bool:
        """Return whether that queue is one of those that the quarantine lies in.

        With kombu's `channel`, also where its broker has another name for both: SQS knows no `.`.
        """
        spell = getattr(channel, "canonical_queue_name", str)
        return queue in self._parts or spell(queue) == spell(self.name)

    def depth(self) -> int:
        """Return how many messages are kept, of which none is read: those kept twice count twice."""
        with reaching(self._app, "the quarantine") as connection:
            return self._parts.count(connection)

    def measure(self) -> Measured:
        """Return how many messages are kept, and since when the first in line is."""
        with reaching(self._app, "the quarantine") as connection:
            return measure(connection, self._parts)

    def look(self, ids: Collection[str] = ()) -> list[Kept]:
        """Return every kept message once, the oldest first; all stay where they are.

        With `ids`, whole ones or their beginnings, all messages with these are among those that are given,
        and few others are: finding one costs the same however many are kept.
        """
        with reaching(self._app, "the quarantine") as connection:
            if ids:
                kept = self._read(connection, self._parts.find_for(connection, ids))
                if are_found(ids, kept):
                    return _distinct(kept)
            return _distinct(self._read(connection, self._parts.find_all(connection)))

    def _read(self, connection: Any, places: Iterable[str]) -> list[Kept]:
        kept: list[Kept] = []
        for group in self._parts.group(places):  # RabbitMQ's messages are hidden from others meanwhile
            with browse_queues(connection, group, self._send, MOST - len(kept)) as browsed:
                kept += [replace(each.kept, places=frozenset([each.place])) for each in browsed]
        self.is_cut = len(kept) >= MOST
        return kept

    def replay(
        self, chosen: Callable[[Kept], bool], to: str = "", *, places: Collection[str] = ()
    ) -> Replayed:
        """Send the `chosen` messages back to their queues, or all of them to the queue `to`.

        A message that was kept twice is sent once, and not at all where its task has succeeded since it
        was kept: to replay again is harmless. A BrokerError where a queue is not there: that message,
        and those behind it, stay in quarantine. `places` are where a look has found them, if it has.
        """
        sent: dict[str, Kept] = {}
        done: dict[str, Kept] = {}

        def act(each: BrowsedMessage, channel: Any) -> None:
            kept = each.kept
            if not kept.is_whole or not chosen(kept):
                return
            fingerprint = kept.fingerprint
            if fingerprint in sent or fingerprint in done:
                each.remove()
            elif self._has_succeeded(kept):
                each.remove()
                done[fingerprint] = kept
            else:
                each.move(self._find_destination(kept, to, channel))
                sent[fingerprint] = kept

        self._visit(act, places)
        return Replayed(list(sent.values()), list(done.values()))

    def drop(self, chosen: Callable[[Kept], bool], *, places: Collection[str] = ()) -> list[Kept]:
        """Remove the `chosen` messages for good; returns them. `places` as for `replay`."""
        dropped: list[Kept] = []

        def act(each: BrowsedMessage, _: Any) -> None:
            if chosen(each.kept):
                each.remove()
                dropped.append(each.kept)

        self._visit(act, places)
        return _distinct(dropped)

    def _visit(self, act: Callable[[BrowsedMessage, Any], None], places: Collection[str]) -> None:
        """Let `act` have each message in `places`, or everywhere, in the order in which they were kept."""
        with reaching(self._app, "the quarantine") as connection, ExitStack() as stack:
            found: list[BrowsedMessage] = []
            # Each process opens them in the same order: so no two wait for each other.
            for group in self._parts.group(sorted(places) or self._parts.find_all(connection)):
                browsed = browse_queues(connection, group, self._send, MOST - len(found))
                found += stack.enter_context(browsed)
            self.is_cut = len(found) >= MOST
            for each in sorted(found, key=lambda each: each.kept.note.at):
                act(each, connection.default_channel)

    def _send(self, kept: Kept, queue: str) -> None:
        self._publisher.publish(kept.as_message(), queue)

    def close(self) -> None:
        """Give back the connection, if one was made."""
        self._publisher.close()

    def _find_destination(self, kept: Kept, to: str, channel: Any) -> str:
        queue = to or _origin_of(kept)
        if self.is_its(queue, channel):
            raise BrokerError(
                f"{queue!r} is the quarantine itself: no worker consumes it",
                do="Name the queue of the workers that shall serve it: `replay --to QUEUE`.",
            )
        return queue

    def _has_succeeded(self, kept: Kept) -> bool:
        done = find_success(self._app, kept.id)
        return done is not None and _spell(done) >= kept.note.at


def _spell(time: datetime) -> str:
    """Return the time as a note has it; Celery's own are in UTC."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def _origin_of(kept: Kept) -> str:
    if not kept.note.queue:
        raise BrokerError(
            f"{kept.id} does not say which queue it came from", do="Name one: `replay --to QUEUE`."
        )
    return kept.note.queue


def _distinct(kept: Iterable[Kept]) -> list[Kept]:
    """Return each message once: one that is redelivered before its acknowledgement is kept again."""
    first: dict[str, Kept] = {}
    for each in sorted(kept, key=lambda each: each.note.at):
        known = first.setdefault(each.fingerprint, each)
        if known.places != each.places:
            first[each.fingerprint] = replace(known, places=known.places | each.places)
    return list(first.values())
