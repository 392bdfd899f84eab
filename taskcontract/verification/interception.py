"""Messages of this process's Celery apps, handed to a function instead of a broker.

Celery's own code makes and routes each message; what is replaced is the producer that would publish
it and the result backend. So canvas, options, routes and signals behave as in production, yet no
connection is opened.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from celery import Celery
from celery.app.utils import Settings

from taskcontract.verification.post_office import PostOffice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.errors import TaskContractError
    from taskcontract.verification.outgoing import Message, Reply

__all__ = ["intercept"]

_askers: list[Callable[[Message], Reply | None]] = []
_notes: list[Callable[[TaskContractError], None]] = []


@contextmanager
def intercept(
    ask: Callable[[Message], Reply | None], note: Callable[[TaskContractError], None]
) -> Iterator[None]:
    """Within this block, hand each message to `ask`, which replies, raises or, with None, passes it on.

    What is refused before or behind a message is told to `note`, as it may be swallowed where it is raised.

    A reply becomes the task's result; then links, chains and chords go on as after a worker. Blocks
    may be nested: the inner one is asked first. When the last one ends, all is as before.
    """
    _askers.append(ask)
    _notes.append(note)
    try:
        with nullcontext() if len(_askers) > 1 else _replaced_celery():
            yield
    finally:
        _askers.remove(ask)
        _notes.remove(note)


@contextmanager
def _replaced_celery() -> Iterator[None]:
    # On the class, as apps may be made inside the block, and canvas picks the app by itself.
    post_office = PostOffice(_ask, _note)
    kept = {name: Celery.__dict__[name] for name in ("producer_or_acquire", "backend")}
    celery: Any = Celery
    celery.producer_or_acquire = lambda app, producer=None: post_office.producer_of(app)
    celery.backend = property(post_office.backend_of)
    settings: Any = Settings
    broker = Settings.broker_write_url
    settings.broker_write_url = "memory://"
    settings.task_always_eager = False  # calls are recorded, whatever else the project's tests do with them
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(Celery, name, value)
        settings.broker_write_url = broker
        del settings.task_always_eager


def _ask(message: Message) -> Reply | None:
    replies = (ask(message) for ask in reversed(_askers))
    return next((reply for reply in replies if reply is not None), None)


def _note(error: TaskContractError) -> None:
    for note in _notes:
        note(error)
