"""Errbacks of refused calls are tasks, which of them are called with what is decided as Celery does."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import celery
import pytest
from celery import Celery
from celery.app.task import Context
from kombu.utils.json import dumps, loads

from taskcontract.errors import UnknownTaskError
from taskcontract.safety_net import install_safety_net
from taskcontract.safety_net.errbacks import TASK, add_errback_task, send_errback

if TYPE_CHECKING:
    from collections.abc import Iterator

ERROR = UnknownTaskError("no worker code")

heard: list[tuple[Any, ...]] = []


@pytest.fixture(scope="module")
def app() -> Iterator[Celery]:
    app = Celery("shop", broker="memory://", backend="cache+memory://", set_as_current=False)
    add_errback_task(app)

    @app.task(name="errbacks.full", shared=False)
    def full(request: Any, exc: Any, traceback: Any) -> None:
        heard.append((request.id, request.root_id, request.task, type(exc), exc.what, traceback))

    @app.task(name="errbacks.partly", shared=False)
    def partly(task_id: Any, reason: Any) -> None:
        """An errback that takes the id, and what its signature has."""

    yield app
    app.close()


@pytest.fixture
def published(app: Celery, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, Any]]:
    sent: list[tuple[str, Any, Any]] = []
    publish = lambda producer, name, message, **options: sent.append((name, message, options))  # noqa: E731
    monkeypatch.setitem(app.amqp.__dict__, "send_task_message", publish)
    return sent


def make_request(**more: Any) -> Any:
    return Context(id="call", root_id="root", task="unknown", delivery_info={}, **more)


def test_an_errback_that_takes_the_error_is_called_by_a_task(app: Celery, published: list[Any]) -> None:
    send_errback(app, app.backend, "shop", make_request(), app.signature("errbacks.full"), ERROR)
    ((name, message, options),) = published
    assert (name, options["queue"].name, heard) == (TASK, "shop", [])
    args, kwargs, _ = loads(dumps(message.body))
    app.tasks[TASK](*args, **kwargs)
    assert heard == [("call", "root", "unknown", UnknownTaskError, "no worker code", None)]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"args": ("late",)}, "errbacks.partly"),
        ({"kwargs": {"reason": "late"}}, "errbacks.partly"),
        ({"args": ("late",), "immutable": True}, TASK),
        ({"kwargs": {"unknown": 1}}, TASK),
        ({}, TASK),
    ],
)
def test_what_an_errback_has_already_does_not_count(
    app: Celery, published: list[Any], monkeypatch: pytest.MonkeyPatch, given: Any, sent: str
) -> None:
    errback = app.signature("errbacks.partly", **given)
    send_errback(app, app.backend, None, make_request(), errback, ERROR)
    assert [name for name, *_ in published] == [sent]
    published.clear()
    if celery.VERSION < (5, 7):
        pytest.skip("this Celery counts what an errback has already")
    called_by_celery: list[int] = []
    monkeypatch.setattr(type(errback), "__call__", lambda *_: called_by_celery.append(1))
    store: Any = app.backend
    store._call_task_errbacks(make_request(errbacks=[errback]), ERROR, None)
    assert [name for name, *_ in published] == [sent] * (sent == "errbacks.partly")
    assert called_by_celery == [1] * (sent == TASK)


def test_an_app_with_two_providers_hears_no_warning() -> None:
    own = Celery("own", broker="memory://", set_as_current=False)
    for quarantine in (None, "own.quarantine"):
        install_safety_net(own, quarantine=quarantine)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        own.finalize()
    assert TASK in own.tasks
    assert not [each for each in warned if TASK in str(each.message)]
