"""Replies to the messages of this process's Celery apps, and what goes on in a canvas because of them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from celery import states
from celery.app.task import Context
from celery.canvas import maybe_signature
from celery.exceptions import ChordError
from kombu import Connection, Producer

from taskcontract.declare.failures.transport import services_of, teach
from taskcontract.verification.recording.mapped_calls import ask_for_each
from taskcontract.verification.recording.memory_backend import MemoryBackend, Replies
from taskcontract.verification.recording.outgoing import Message, StubReply, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from celery import Celery

    from taskcontract.errors import TaskContractError
    from taskcontract.model.canonical import Json

__all__ = ["PostOffice", "said"]

said: ContextVar[Mapping[str, Any]] = ContextVar("said", default={})  # noqa: B039 - read alone
"""The options of the call that is being sent, as `send_task` was given them."""


class PostOffice:
    """Asks for replies and keeps them for all apps: canvas may send by one and read by another."""

    def __init__(
        self, ask: Callable[[Message], StubReply | None], note: Callable[[TaskContractError], None]
    ) -> None:
        self._ask = ask
        self._backends: WeakKeyDictionary[Celery, MemoryBackend] = WeakKeyDictionary()
        self._chords: dict[str, dict[int, Json]] = {}
        self.replies = Replies(note)

    def producer_of(self, app: Celery) -> AbstractContextManager[Producer]:
        """Return what `app` is to publish with: its messages come here."""
        return nullcontext(_Producer(app, self))

    def backend_of(self, app: Celery) -> MemoryBackend:
        """Return the result backend of `app` that holds the replies."""
        if app not in self._backends:
            self._backends[app] = teach(MemoryBackend(app, self.replies), lambda: services_of(app))
        return self._backends[app]

    def take(self, app: Celery, message: Message, headers: Mapping[str, Any]) -> None:
        """Take one message: store its reply, and send on what waits for it in a canvas."""
        reply = ask_for_each(self._ask, message) or _run_own(app, message) or StubReply(known=False)
        if reply.error is not None:
            self._fail(app, message, headers, reply.error)
            return
        task_id = headers["id"]
        if reply.pending:
            self.replies.pending[task_id] = message.name
            return
        if headers.get("ignore_result"):
            pass
        elif reply.unread:
            self.replies.unread[task_id] = message.name
        elif reply.known:
            self.backend_of(app).store_result(task_id, reply.value, states.SUCCESS)
        else:
            self.replies.unsaid[task_id] = message.name
        value = reply.value if reply.known else Unknown()
        embed = message.body[2]
        for link in embed.get("callbacks") or ():
            _send_on(app, link, value)
        if embed.get("chain"):
            *rest, step = embed["chain"]
            _send_on(app, step, value, chain=rest)
        if embed.get("chord"):
            self._add_to_chord(app, headers, embed["chord"], value)

    def _fail(self, app: Celery, message: Message, headers: Mapping[str, Any], error: Exception) -> None:
        """Let the task end with `error`, and all that waits behind it, as Celery's worker does."""
        backend: Any = self.backend_of(app)
        embed = message.body[2]
        waiting = {name: embed.get(name) for name in ("chain", "errbacks")}
        request = Context({**headers, **waiting, "delivery_info": {}, "called_directly": False})
        stored = not headers.get("ignore_result")
        backend.mark_as_failure(headers["id"], error, request=request, store_result=stored)
        if embed.get("chord"):
            body: Any = maybe_signature(_as_received(embed["chord"]), app=app)
            try:
                raise ChordError(f"Dependency {headers['id']} raised {error!r}") from error
            except ChordError as failure:
                backend.chord_error_from_stack(body, failure)

    def _add_to_chord(self, app: Celery, headers: Mapping[str, Any], body: Any, value: Json) -> None:
        parts = self._chords.setdefault(headers["group"], {})
        index = headers.get("group_index")
        parts[len(parts) if index is None else index] = value
        if len(parts) == self.replies.chord_sizes.get(headers["group"]):
            del self._chords[headers["group"]]
            _send_on(app, body, [parts[index] for index in sorted(parts)])


def _run_own(app: Celery, message: Message) -> StubReply | None:
    """Run a task of this process, where its app says that calls are eager; None for any other."""
    if not app.conf.get("task_always_eager") or message.name not in app.tasks:
        return None
    args, kwargs, _ = message.body
    own: Any = app.tasks[message.name]
    ran = own.apply(list(args), dict(kwargs), task_id=message.headers["id"])
    if ran.state == states.FAILURE:
        return StubReply(error=ran.result)
    return StubReply(ran.result) if ran.state == states.SUCCESS else None


def _send_on(app: Celery, signature: Any, value: Json, **options: Any) -> None:
    """Send what follows a task, with the task's result in front of its arguments."""
    step: Any = maybe_signature(_as_received(signature), app=app)
    step.apply_async((value,), **options)


def _as_received(value: Any) -> Any:
    """Return a signature as a worker gets it: plain dicts and lists, from which Celery rebuilds it."""
    if isinstance(value, dict):
        return {name: _as_received(member) for name, member in value.items()}
    return [_as_received(item) for item in value] if isinstance(value, (list, tuple)) else value


@cache
def _unused_connection() -> Connection:
    return Connection("memory://")


class _Producer(Producer):
    """A producer of kombu's that hands its messages to a post office; its connection is never opened."""

    def __init__(self, app: Celery, post_office: PostOffice) -> None:
        super().__init__(_unused_connection(), auto_declare=False)
        self._app = app
        self._post_office = post_office

    def publish(self, body: Any, *args: Any, **options: Any) -> None:
        headers = options.get("headers") or {}
        if "task" not in headers:
            if not isinstance(body, dict) or "task" not in body:
                return  # an event
            raise self._post_office.replies.refuse(
                f"{body['task']} is sent by task protocol 1, whose messages cannot be recorded",
                do="Leave task_protocol at 2, Celery's default.",
            )
        declared: Sequence[Any] = options.get("declare") or ()
        message = Message(
            name=headers["task"],
            queue=declared[0].name if declared else options.get("routing_key", ""),
            serializer=options.get("serializer") or self._app.conf.task_serializer,
            body=body,
            headers=headers,
            options=said.get(),
        )
        self._post_office.take(self._app, message, headers)
