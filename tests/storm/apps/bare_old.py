"""The old release of a service on bare Celery."""

from __future__ import annotations

from typing import Any

from tests.storm.apps.settings import make_app
from tests.storm.apps.work import note_run

app = make_app("bare")


@app.task(name="storm.scale")
def scale(number: int, call: str) -> int:
    note_run()
    return number * 2


@app.task(name="storm.stubborn", bind=True)
def stubborn(self: Any, number: int, call: str, tries: int) -> int:
    note_run()
    if self.request.retries < tries:
        raise self.retry(countdown=0.3)
    return number * 2


@app.task(name="storm.total")
def total(numbers: list[int], call: str) -> int:
    note_run()
    return sum(numbers)
