"""What becomes of one message when a new version takes over from the one that serves now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kombu.serialization import prepare_accept_content

from taskcontract.brokers.bodies import HARMLESS
from taskcontract.brokers.received import Packed
from taskcontract.brokers.unpacking import COMPRESSION, is_too_large
from taskcontract.diff.calls.landing import find_landing
from taskcontract.errors import RefusedMessageError
from taskcontract.operations.inflight.fate import Fate
from taskcontract.safety_net.envelope import Envelope, read_envelope, read_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from taskcontract.operations.rehearsal.receivers import Receiver

__all__ = ["Rehearser"]

HARMLESS_TYPES: set[str] = set(HARMLESS or ())

SAME = Fate("same")


class Rehearser:
    """Judges messages by the version that serves now, `old`, and by the `new` one.

    `accept` are the content types that the workers take (Celery's `accept_content`); `others` the wire names
    of tasks that neither version has to do with.
    """

    def __init__(
        self, old: Receiver, new: Receiver, accept: Iterable[str], others: Collection[str] = frozenset()
    ) -> None:
        self._old, self._new, self._others = old, new, others
        accepted: set[str] = set(prepare_accept_content(accept) or ())
        self._accept = accepted & HARMLESS_TYPES
        self._unread = accepted - HARMLESS_TYPES

    def judge_message(self, message: Mapping[str, Any]) -> Fate | None:
        """Judge a message as the worker's safety net reads it. Nothing that runs code is decoded."""
        headers = message.get("headers")
        compression = headers.get(COMPRESSION) if isinstance(headers, dict) else None
        if compression and is_too_large(message.get("body"), compression):
            return Fate("refused-already", "it unpacks to more than a worker reads")
        if message.get("content_type") in self._unread:
            return Fate("unknown", f"its body is {message['content_type']}, which is not read here")
        read = Packed(
            body=message.get("body"),
            headers=headers,
            content_type=message.get("content_type"),
            content_encoding=message.get("content_encoding"),
            accept=self._accept,
        )
        try:
            name = read_name(read)
            if self._is_others(name):
                return None
            return self._judge(read_envelope(read, name))
        except RefusedMessageError as error:
            return Fate("refused-already", f"it cannot be read: {error.reason}", error.what)

    def judge_call(
        self, task: str, args: Any, kwargs: Any, headers: Mapping[str, Any] | None = None
    ) -> Fate | None:
        """Judge a call that is no message here; `headers` of None are not known.

        A worker tells no more of what it holds than its arguments; beat's entries have headers too.
        """
        if self._is_others(task):
            return None
        if not isinstance(args, list | tuple) or not isinstance(kwargs, dict):
            return Fate("unknown", "its worker does not tell its arguments")
        if headers is None and (self._old.reads_headers or self._new.reads_headers):
            return Fate("unknown", "its worker does not tell its headers, which carry a part of it")
        return self._judge(Envelope(task, "", args, kwargs, headers or {}))

    def _is_others(self, name: str) -> bool:
        return name in self._others and name not in self._old.names and name not in self._new.names

    def _judge(self, call: Envelope) -> Fate:
        old, new = (
            receiver.judge(call) if call.task in receiver.names else receiver.absent
            for receiver in (self._old, self._new)
        )
        if not new.known:
            return Fate("unknown", "what it sends was not decided")
        if new.refusal:
            return Fate("refused-already" if old.refusal else "refused", new.refusal, new.shown)
        if old.refusal:
            return Fate("taken", old.refusal, old.shown)
        before, after = self._old.find_shape(call.task), self._new.find_shape(call.task)
        if before is None or after is None:
            return Fate("unknown", "where its values land now is not known")
        landing = find_landing(before, after, len(call.args), self._new.arguments(call))
        return Fate("moved", landing) if landing else SAME
