"""The worker of `failing_bindings`: its tasks raise what they declare."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery

from taskcontract import Call, Provider
from tests.support.failing_bindings import (
    KINDS,
    BusyError,
    GoneError,
    KeywordError,
    SameError,
    ShownError,
    failing,
    forget,
    lock,
    lock_v2,
    lose,
    lose_twice,
    show,
)

app = Celery("failing")
app.conf.update(
    result_serializer=os.environ.get("RESULT_SERIALIZER", "json"),
    accept_content=["json", "msgpack", "yaml"],
    worker_send_task_events=True,
)
provider = Provider(app, failing)


class VeryGoneError(GoneError):
    """Known in the worker alone."""

    def __init__(self, key: str, *, lock: object) -> None:
        super().__init__(key)
        self.lock = lock


@provider.implements(lose)
def do_lose(kind: str) -> str:
    if kind == "none of the callers'":
        raise VeryGoneError("k/1", lock=object())
    if kind == "undeclared":
        raise ZeroDivisionError("division by zero")
    raise KINDS[kind]()


@provider.implements(
    lose_twice, bind=True, autoretry_for=(SameError,), max_retries=2, default_retry_delay=0.3
)
def do_lose_twice(self: Any, times: int) -> str:
    tries = self.request.retries + 1
    if tries <= times:
        raise SameError(tries=tries)
    return f"after {tries}"


@provider.implements(lock_v2)
def do_lock(port: int) -> str:
    raise KeywordError(code=port)


@provider.upcasts(lock)
def same_port(port: int) -> Call[str]:
    """The port is locked as ever."""
    if port == 0:
        raise BusyError(port)
    return lock_v2.call(port)


@provider.maps_error(lock, KeywordError)
def as_busy(error: KeywordError) -> BusyError:
    """A code is a port."""
    return BusyError(error.code)


@provider.implements(forget, store_errors_even_if_ignored=True)
def do_forget(port: int) -> None:
    raise BusyError(port)


@provider.implements(show, throws=(ShownError,))
def do_show(text: str) -> str:
    raise ShownError(text)


@app.task(name="failing.note")
def note(request: Any, exc: Exception, traceback: Any) -> None:
    """Write down what an errback of the worker's own is given."""
    with Path("errbacks").open("a") as file:
        file.write(f"{type(exc).__name__} {exc}\n")
