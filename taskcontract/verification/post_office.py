"""Replies to the messages of this process's Celery apps, and what goes on in a canvas because of them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from celery import states
from celery.app.task import Context
from celery.backends.base import KeyValueStoreBackend
from celery.canvas import maybe_signature
from celery.exceptions import ChordError
from kombu import Connection, Producer

from taskcontract.declare.failures.transport import services_of, teach
from taskcontract.errors import ContractError
from taskcontract.verification.outgoing import Message, StubReply, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from celery import Celery

    from taskcontract.errors import TaskContractError
    from taskcontract.model.canonical import Json

__all__ = ["PostOffice"]


class PostOffice:
    """Asks for replies and keeps them for all apps: canvas may send by one and read by another."""

    def __init__(
        self, ask: Callable[[Message], StubReply | None], note: Callable[[TaskContractError], None]
    ) -> None:
        self._ask = ask
        self._note = note
        self._backends: WeakKeyDictionary[Celery, _MemoryBackend] = WeakKeyDictionary()
        self._chords: dict[str, dict[int, Json]] = {}
        self.values: dict[Any, Any] = {}
        self.chord_sizes: dict[str, int] = {}
        """By group; Celery announces the size just before it sends the last part of the header."""

    def producer_of(self, app: Celery) -> AbstractContextManager[Producer]:
        """Return what `app` is to publish with: its messages come here."""
        return nullcontext(_Producer(app, self))

    def backend_of(self, app: Celery) -> _MemoryBackend:
        """Return the result backend of `app` that holds the replies."""
        if app not in self._backends:
            self._backends[app] = teach(_MemoryBackend(app, self), lambda: services_of(app))
        return self._backends[app]

    def refuse(self, what: str, *, do: str) -> ContractError:
        """Return the error to raise, which is noted too, as it may be swallowed where it is raised."""
        error = ContractError(what, do=do)
        self._note(error)
        return error

    def take(self, app: Celery, message: Message, headers: Mapping[str, Any]) -> None:
        """Take one message: store its reply, and send on what waits for it in a canvas."""
        reply = self._ask(message) or StubReply(known=False)
        if reply.error is not None:
            self._fail(app, message, headers, reply.error)
            return
        if reply.known and not headers.get("ignore_result"):
            self.backend_of(app).store_result(headers["id"], reply.value, states.SUCCESS)
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
        if len(parts) == self.chord_sizes.get(headers["group"]):
            del self._chords[headers["group"]]
            _send_on(app, body, [parts[index] for index in sorted(parts)])


def _send_on(app: Celery, signature: Any, value: Json, **options: Any) -> None:
    """Send what follows a task, with the task's result in front of its arguments."""
    step: Any = maybe_signature(_as_received(signature), app=app)
    step.apply_async((value,), **options)


def _as_received(value: Any) -> Any:
    """Return a signature as a worker gets it: plain dicts and lists, from which Celery rebuilds it."""
    if isinstance(value, dict):
        return {name: _as_received(member) for name, member in value.items()}
    return [_as_received(item) for item in value] if isinstance(value, (list, tuple)) else value


class _Producer(Producer):
    """A producer of kombu's that hands its messages to a post office; its connection is never opened."""

    def __init__(self, app: Celery, post_office: PostOffice) -> None:
        super().__init__(Connection("memory://"), auto_declare=False)
        self._app = app
        self._post_office = post_office

    def publish(self, body: Any, *args: Any, **options: Any) -> None:
        headers = options.get("headers") or {}
        if "task" not in headers:
            if not isinstance(body, dict) or "task" not in body:
                return  # an event
            raise self._post_office.refuse(
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
        )
        self._post_office.take(self._app, message, headers)


class _MemoryBackend(KeyValueStoreBackend):
    """A result backend that holds the replies, and raises instead of waiting for one that it lacks."""

    def __init__(self, app: Celery, post_office: PostOffice) -> None:
        super().__init__(app=app)
        self._post_office = post_office
        self._values = post_office.values
        self._chord_sizes = post_office.chord_sizes

    def get(self, key: Any) -> Any:
        return self._values.get(key)

    def mget(self, keys: Any) -> list[Any]:
        return [self._values.get(key) for key in keys]

    def set(self, key: Any, value: Any) -> None:
        self._values[key] = value

    def delete(self, key: Any) -> None:
        self._values.pop(key, None)

    def apply_chord(self, header_result_args: Any, body: Any, **kwargs: Any) -> None:
        """Do nothing: the post office counts a chord's parts itself."""

    def set_chord_size(self, group_id: str, chord_size: int) -> None:
        self._chord_sizes[group_id] = chord_size

    def wait_for(self, task_id: str, *args: Any, **kwargs: Any) -> Any:
        meta = self.get_task_meta(task_id)
        if meta["status"] not in states.READY_STATES:
            raise self._post_office.refuse(
                "the code under test waits for a result that the test does not give",
                do="Say what comes back: .expect(task, returns=...), for each task whose result is read.",
            )
        return meta
