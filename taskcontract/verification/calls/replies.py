"""Reading results as the result backend holds them: raw, in batches, never half-way through."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from celery.backends.asynchronous import AsyncBackendMixin
from celery.backends.base import BaseKeyValueStoreBackend
from celery.states import READY_STATES
from pydantic_core import to_jsonable_python

from taskcontract.declare.failures.transport import read_declared
from taskcontract.errors import TaskContractError
from taskcontract.verification.outcome import UNREADABLE, Reply
from taskcontract.verification.tracebacks import read_error, trim_traceback

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ReplyReader", "make_reply_reader", "read_value"]

BATCH = 100
DRAIN_SECONDS = 0.05
SHORTEST_NAP, LONGEST_NAP = 0.001, 0.01


class ReplyReader(Protocol):
    """Collects results of sent tasks."""

    def expect(self, task_id: str, producer: Any) -> None:
        """Prepare for the result of a task that is about to be sent."""
        ...

    def read(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        """Return the results that have arrived, of those asked for; wait a little when there are none."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def make_reply_reader(backend: Any) -> ReplyReader:
    """Return the reader that fits a Celery result backend, whose exceptions stay as they are stored."""
    backend.exception_to_python = _as_stored
    if isinstance(backend, BaseKeyValueStoreBackend):
        return _StoreReader(backend)
    if isinstance(backend, AsyncBackendMixin):
        return _QueueReader(backend)
    return _PollingReader(backend)


class _PollingReader:
    """Asks for one result at a time, the first of those outstanding."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._nap = SHORTEST_NAP

    def expect(self, task_id: str, producer: Any) -> None:
        """Prepare nothing: results are stored."""

    def read(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        """See ReplyReader."""
        found = self._look(task_ids)
        self._nap = SHORTEST_NAP if found else min(self._nap * 1.5, LONGEST_NAP)
        if not found:
            time.sleep(self._nap)
        return found

    def close(self) -> None:
        """Let go of the result store's connections, where it has any."""
        close = getattr(getattr(self._backend, "client", None), "close", None)
        if close is not None:
            close()

    def _look(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        meta = self._backend.get_task_meta(task_ids[0], cache=False)
        return {task_ids[0]: make_reply(meta)} if meta["status"] in READY_STATES else {}


class _StoreReader(_PollingReader):
    """Asks a key-value store for many results at once: one round trip, no subscription per task."""

    def _look(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        asked = task_ids[:BATCH]
        values = self._backend.mget([self._backend.get_key_for_task(task_id) for task_id in asked])
        found: dict[str, Reply] = {}
        for task_id, value in zip(asked, values, strict=True):
            if value is not None:
                reply = read_value(self._backend, value)
                if reply.status in READY_STATES or reply.status == UNREADABLE:
                    found[task_id] = reply
        return found


class _QueueReader:
    """Listens to the queue that results come back on."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._consumer = backend.result_consumer
        self._consumer.on_message = self._keep
        self._arrived: dict[str, Reply] = {}
        self._listens = False

    def expect(self, task_id: str, producer: Any) -> None:
        """Declare the queue that this result comes back on, and listen to it."""
        self._backend.on_task_call(producer, task_id)
        self._consumer.consume_from(task_id)
        self._listens = True

    def read(self, task_ids: Sequence[str]) -> dict[str, Reply]:
        """See ReplyReader."""
        if task_ids[0] not in self._arrived:
            try:
                self._consumer.drain_events(timeout=DRAIN_SECONDS)
            except TimeoutError:
                return {}
        return {task_id: self._arrived.pop(task_id) for task_id in task_ids if task_id in self._arrived}

    def close(self) -> None:
        """Stop listening; the queue goes with its last consumer."""
        if self._listens:
            self._consumer.stop()

    def _keep(self, meta: dict[str, Any]) -> None:
        if meta["status"] in READY_STATES:
            self._arrived[meta["task_id"]] = make_reply(meta)


def make_reply(meta: dict[str, Any]) -> Reply:
    """Return the reply in a result backend's record, whose result may be an exception or its description."""
    status, result = meta["status"], meta.get("result")
    if not isinstance(status, str):
        return Reply(UNREADABLE, None, "the result cannot be read here: its status is not a text")
    if status == "SUCCESS":
        return Reply(status, to_jsonable_python(result, bytes_mode="base64", serialize_unknown=True))
    trace = meta.get("traceback")
    trace = trace if isinstance(trace, str) else ""
    if trace:
        # Only here stands what the exception itself says; its arguments may say it otherwise.
        error = read_error(trace)
    elif isinstance(result, BaseException):
        error = f"{type(result).__name__}: {result}"
    elif isinstance(result, dict) and "exc_type" in result:
        error = (
            f"{result['exc_type']}: {_spell_arguments(result.get('exc_module'), result.get('exc_message'))}"
        )
    else:
        error = str(result)
    content, declared = read_declared(result)
    return Reply(status, content, error.removesuffix(": "), trim_traceback(trace), declared)


def _as_stored(exc: Any) -> Any:
    return exc


def read_value(backend: Any, value: Any) -> Reply:
    """Return the reply in the stored `value` of a key-value `backend`; UNREADABLE if anything is wrong."""
    try:
        return make_reply(backend.decode(value))
    except Exception as error:  # a codec may raise anything
        return Reply(UNREADABLE, None, f"the result cannot be read here: {error}")


def _spell_arguments(module: Any, message: Any) -> str:
    """Return an exception's arguments as its own message shows them; for ours, what and where."""
    if isinstance(message, list | tuple):
        if module == TaskContractError.__module__ and len(message) == 3:
            what, where, _ = message
            return f"{where}: {what}" if where else str(what)
        return str(message[0]) if len(message) == 1 else ", ".join(map(str, message))
    return str(message)
