"""The worker in the gauntlet; it writes down, by its marker, what it does with a hostile message."""

from __future__ import annotations

import os
import time
from typing import Any

from celery import Celery, signals

from taskcontract import Call, Provider, embedded
from tests.gauntlet import bindings
from tests.storm.apps.settings import configure

embedded.register()
app = Celery("gauntlet")
configure(app)
provider = Provider(app, bindings.shop)


@provider.implements(bindings.price_v2)
def price(number: int, rate: int) -> int:
    return number * rate


@provider.upcasts(bindings.price)
def twice(number: int) -> Call[int]:
    """The rate was always 2."""
    return bindings.price_v2.call(number, 2)


@provider.implements(bindings.fading)
def fade(name: str) -> None:
    raise AssertionError("every call of this version is refused")


provider.brown_out(bindings.fading, 1.0)


@app.task(name="add")
def add(x: Any, y: Any) -> Any:
    return x + y


@app.task(name="sleepy")
def sleepy(request: Any, exc: Any, traceback: Any) -> None:
    """An errback, of the kind that Celery calls where it finds the error."""
    time.sleep(8)


def note(how: str, headers: Any) -> None:
    """Write down that the hostile message with these `headers` came to an end, and how."""
    marker = headers.get("gauntlet") if isinstance(headers, dict) else None
    if isinstance(marker, str):
        descriptor = os.open(os.environ["GAUNTLET_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{how} {marker}\n".encode())
        finally:
            os.close(descriptor)


@signals.task_prerun.connect(weak=False)
def note_run(task: Any, **_: Any) -> None:
    note("run", vars(task.request))


@signals.task_internal_error.connect(weak=False)
def note_failure(request: Any, **_: Any) -> None:
    note("failed", request)


@signals.task_revoked.connect(weak=False)
def note_revoked(request: Any, **_: Any) -> None:
    note("revoked", request.message.headers)
