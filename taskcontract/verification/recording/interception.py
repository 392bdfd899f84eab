"""The calls of this process's Celery apps, handed to functions instead of a broker.

`intercept` takes the messages, `watch_calls` the calls that the bindings refuse before there is a message.
Celery's own code makes and routes each message; what is replaced is the producer that would publish
it and the result backend. So canvas, options, routes and signals behave as in production, yet no
connection is opened.
"""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from inspect import isfunction, signature
from typing import TYPE_CHECKING, Any

from celery import Celery
from celery.app.utils import Settings

from taskcontract.declare.task import Task
from taskcontract.errors import TaskContractError
from taskcontract.verification.recording.post_office import PostOffice, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.verification.recording.outgoing import Message, StubReply

__all__ = ["intercept", "watch_calls"]

NO_CALLS = ("spec", "decode_result", "AsyncResult")
"""Public methods of a task that make no call."""

_askers: list[Callable[[Message], StubReply | None]] = []
_notes: list[Callable[[TaskContractError], None]] = []
_watchers: list[Callable[[Task[..., Any], Exception], None]] = []
_originals: dict[str, Any] = {}
_kept: dict[tuple[Any, str], Any] = {}
_lock = threading.Lock()

NOT_THERE: Any = object()
_OPTIONS = tuple(signature(Celery.send_task).parameters)[4:]
"""The parameters of `send_task` behind the app, the name and the arguments."""


@contextmanager
def intercept(
    ask: Callable[[Message], StubReply | None], note: Callable[[TaskContractError], None]
) -> Iterator[None]:
    """Hand each message to `ask` within this block: it replies, raises, or returns None to pass it on.

    `note` gets the errors raised before or after a message, as the code under test may swallow them.

    A reply becomes the task's result; then links, chains and chords go on as after a worker. Blocks
    may be nested: the inner one is asked first. When the last one ends, all is as before.
    """
    with _lock:
        _askers.append(ask)
        _notes.append(note)
        if len(_askers) == 1:
            _replace_celery()
    try:
        yield
    finally:
        with _lock:
            _askers.remove(ask)
            _notes.remove(note)
            if not _askers:  # whichever block ends last: those of two threads may overlap
                _restore_celery()


def _replace_celery() -> None:
    # On the class, as apps may be made inside the block, and canvas picks the app by itself.
    post_office = PostOffice(_ask, _note)
    _replace(Celery, "producer_or_acquire", lambda app, producer=None: post_office.producer_of(app))
    _replace(Celery, "backend", property(post_office.backend_of))
    _replace(Celery, "send_task", _remembering(Celery.send_task))
    _replace(Settings, "broker_write_url", "memory://")
    # Calls are intercepted, whatever else the project's tests do with them.
    _replace(Settings, "task_always_eager", False)


def _replace(owner: Any, name: str, value: Any) -> None:
    _kept[owner, name] = vars(owner).get(name, NOT_THERE)
    setattr(owner, name, value)


def _restore_celery() -> None:
    for (owner, name), value in _kept.items():
        if value is NOT_THERE:
            delattr(owner, name)
        else:
            setattr(owner, name, value)
    _kept.clear()


def _remembering(send_task: Callable[..., Any]) -> Callable[..., Any]:
    """Return `send_task`, whose options a message is given as they were said: a countdown is none there."""

    @functools.wraps(send_task)
    def send(app: Celery, name: str, *given: Any, **options: Any) -> Any:
        named = {key: value for key, value in options.items() if key not in ("args", "kwargs")}
        token = said.set({**dict(zip(_OPTIONS, given[2:], strict=False)), **named})
        try:
            return send_task(app, name, *given, **options)
        finally:
            said.reset(token)

    return send


def _ask(message: Message) -> StubReply | None:
    replies = (ask(message) for ask in reversed(tuple(_askers)))
    return next((reply for reply in replies if reply is not None), None)


def _note(error: TaskContractError) -> None:
    for note in tuple(_notes):
        note(error)


@contextmanager
def watch_calls(note: Callable[[Task[..., Any], Exception], None]) -> Iterator[None]:
    """Pass each call that a task's own methods refuse within this block to `note`, whatever its thread.

    The refusals are raised as well.
    """
    with _lock:
        _watchers.append(note)
        if len(_watchers) == 1:
            _replace_methods()
    try:
        yield
    finally:
        with _lock:
            _watchers.remove(note)
            if not _watchers:
                for name, method in _originals.items():
                    setattr(Task, name, method)
                _originals.clear()


def _replace_methods() -> None:
    # On the class: delegates and canvases look them up there, and `__call__` is found nowhere else.
    for name, method in list(vars(Task).items()):
        calls = name == "__call__" or not name.startswith("_")
        if isfunction(method) and calls and name not in NO_CALLS:
            _originals[name] = method
            setattr(Task, name, _watched(method))


@functools.cache
def _watched(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(task: Task[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(task, *args, **kwargs)
        except TaskContractError as error:
            for note in tuple(_watchers):
                note(task, error)
            raise

    return call
