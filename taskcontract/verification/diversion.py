"""Messages of this process's Celery apps, handed to a function instead of a broker.

Celery's own code makes and routes each message; what is replaced is the producer that would publish
it and the result backend. So canvas, options, routes and signals behave as in production, yet no
connection is opened.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from celery import Celery, states
from celery.backends.base import KeyValueStoreBackend
from celery.canvas import maybe_signature
from kombu import Connection, Producer
from kombu.serialization import dumps, loads, prepare_accept_content

from taskcontract.errors import ArgumentTypeError, ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["Message", "Reply", "divert"]


@dataclass(frozen=True, slots=True)
class Message:
    """A task message that was about to leave: to which task and queue, by which serializer."""

    name: str
    queue: str
    serializer: str
    body: tuple[Sequence[Any], Mapping[str, Any], Mapping[str, Any]]

    def read(self) -> Arguments:
        """The arguments that it carries; an error of ours or kombu's EncodeError where it could not go."""
        if any(_is_unknown(value) for value in self.body[0]):
            raise ContractError(
                f"the result of another task goes into {self.name}, and the test does not say what it is",
                do="Say what comes back: .expect(task, returns=...), for the tasks before this one.",
            )
        received, plain = _over_the_wire(self)
        return Arguments(tuple(received[0]), received[1], tuple(plain[0]), plain[1])


@dataclass(frozen=True, slots=True)
class Arguments:
    """`args` and `kwargs` are what a worker would be given, `plain_args` and `plain_kwargs` their JSON."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    plain_args: tuple[Json, ...]
    plain_kwargs: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the task is taken to return; `known` is False where nobody said it."""

    value: Json = None
    known: bool = True


class _Unknown:
    """The type of what goes on in a canvas for a result that nobody said."""

    __slots__ = ()


_askers: list[Callable[[Message], Reply | None]] = []


@contextmanager
def divert(ask: Callable[[Message], Reply | None]) -> Iterator[None]:
    """Within this block, hand each message to `ask`, which replies, raises or, with None, passes it on.

    A reply becomes the task's result; then links, chains and chords go on as after a worker. Blocks
    may be nested: the inner one is asked first. When the last one ends, all is as before.
    """
    _askers.append(ask)
    try:
        with nullcontext() if len(_askers) > 1 else _replaced_celery():
            yield
    finally:
        _askers.remove(ask)


@contextmanager
def _replaced_celery() -> Iterator[None]:
    # On the class, as apps may be made inside the block, and canvas picks the app by itself.
    post_office = _PostOffice()
    kept = {name: Celery.__dict__[name] for name in ("producer_or_acquire", "backend")}
    celery: Any = Celery
    celery.producer_or_acquire = lambda app, producer=None: nullcontext(_Producer(app, post_office))
    celery.backend = property(post_office.backend_of)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(Celery, name, value)


class _PostOffice:
    """Asks for replies and keeps them for all apps: canvas may send by one and read by another."""

    def __init__(self) -> None:
        self._backends: WeakKeyDictionary[Celery, _MemoryBackend] = WeakKeyDictionary()
        self._chords: dict[str, dict[int, Json]] = {}
        self.values: dict[Any, Any] = {}
        self.chord_sizes: dict[str, int] = {}
        """By group; Celery tells a size just before it sends the last part of the header."""

    def backend_of(self, app: Celery) -> _MemoryBackend:
        if app not in self._backends:
            self._backends[app] = _MemoryBackend(app, self)
        return self._backends[app]

    def take(self, app: Celery, message: Message, headers: Mapping[str, Any]) -> None:
        replies = (ask(message) for ask in reversed(_askers))
        reply = next((reply for reply in replies if reply is not None), Reply(known=False))
        if reply.known and not headers.get("ignore_result"):
            self.backend_of(app).store_result(headers["id"], reply.value, states.SUCCESS)
        value = reply.value if reply.known else _Unknown()
        embed = message.body[2]
        for link in embed.get("callbacks") or ():
            _send_on(app, link, value)
        if embed.get("chain"):
            *rest, step = embed["chain"]
            _send_on(app, step, value, chain=rest)
        if embed.get("chord"):
            self._add_to_chord(app, headers, embed["chord"], value)

    def _add_to_chord(self, app: Celery, headers: Mapping[str, Any], body: Any, value: Json) -> None:
        parts = self._chords.setdefault(headers["group"], {})
        index = headers.get("group_index")
        parts[len(parts) if index is None else index] = value
        if len(parts) == self.chord_sizes.get(headers["group"]):
            del self._chords[headers["group"]]
            _send_on(app, body, [parts[index] for index in sorted(parts)])


def _send_on(app: Celery, signature: Any, value: Json, **options: Any) -> None:
    """Send what follows a task, with the task's result in front of its arguments."""
    step: Any = maybe_signature(signature, app=app)
    step.apply_async((value,), **options)


class _Producer(Producer):
    """A producer of kombu's that hands its messages to a post office; its connection is never opened."""

    def __init__(self, app: Celery, post_office: _PostOffice) -> None:
        super().__init__(Connection("memory://"), auto_declare=False)
        self._app = app
        self._post_office = post_office

    def publish(self, body: Any, *args: Any, **options: Any) -> None:
        headers = options.get("headers") or {}
        if "task" not in headers:
            if not isinstance(body, dict) or "task" not in body:
                return  # an event
            raise ContractError(
                f"{body['task']} is sent by task protocol 1, whose messages cannot be recorded",
                do="Leave task_protocol at 2, Celery's default.",
            )
        declared: Sequence[Any] = options.get("declare") or ()
        message = Message(
            name=headers["task"],
            queue=declared[0].name if declared else options.get("routing_key", ""),
            serializer=options.get("serializer") or self._app.conf.task_serializer,
            body=body,
        )
        self._post_office.take(self._app, message, headers)


def _is_unknown(value: Any) -> bool:
    """Whether `value` is, or as a chord's results holds, what nobody said."""
    return isinstance(value, _Unknown) or (isinstance(value, list) and any(map(_is_unknown, value)))


def _over_the_wire(message: Message) -> tuple[Any, Any]:
    """The body as a worker would decode it, and its plain JSON."""
    name, serializer = message.name, message.serializer
    if serializer == "pickle":
        raise ArgumentTypeError(
            f"{name} is sent as pickle: a worker that loads it runs the sender's code",
            do="Leave the serializer out, or use json.",
        )
    content_type, encoding, payload = dumps(message.body, serializer)
    received = loads(payload, content_type, encoding, accept=prepare_accept_content([serializer]))
    if content_type == "application/json":
        return received, json.loads(payload)
    try:
        return received, json.loads(json.dumps(received, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ContractError(
            f"the arguments of {name}, sent as {serializer}, cannot be written into a contract: {error}",
            do="Send what JSON can hold; the delegates of the bindings see to that.",
        ) from None


class _MemoryBackend(KeyValueStoreBackend):
    """A result backend that holds the replies, and says so instead of waiting for what it has not."""

    def __init__(self, app: Celery, post_office: _PostOffice) -> None:
        super().__init__(app=app)
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
        """Nothing: the post office counts a chord's parts itself."""

    def set_chord_size(self, group_id: str, chord_size: int) -> None:
        self._chord_sizes[group_id] = chord_size

    def wait_for(self, task_id: str, *args: Any, **kwargs: Any) -> Any:
        meta = self.get_task_meta(task_id)
        if meta["status"] not in states.READY_STATES:
            raise ContractError(
                "the code under test waits for a result that the test does not give",
                do="Say what comes back: .expect(task, returns=...), for each task whose result is read.",
            )
        return meta
