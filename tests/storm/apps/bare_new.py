"""The new release on bare Celery: version 2, and version 1 as aliases that was written by hand."""

from __future__ import annotations

from typing import Any

from tests.storm.apps.settings import make_app
from tests.storm.apps.work import note_run

app = make_app("bare")


@app.task(name="storm.scale_v2")
def scale_v2(number: int, call: str, factor: int) -> dict[str, int]:
    note_run()
    return {"value": number * factor, "factor": factor}


@app.task(name="storm.scale")
def scale(number: int, call: str) -> int:
    note_run()
    return number * 2


@app.task(name="storm.stubborn_v2", bind=True)
def stubborn_v2(self: Any, number: int, call: str, tries: int, factor: int) -> dict[str, int]:
    note_run()
    if self.request.retries < tries:
        raise self.retry(countdown=0.3)
    return {"value": number * factor, "factor": factor}


@app.task(name="storm.stubborn", bind=True)
def stubborn(self: Any, number: int, call: str, tries: int) -> int:
    note_run()
    if self.request.retries < tries:
        raise self.retry(countdown=0.3)
    return number * 2


@app.task(name="storm.total_v2")
def total_v2(parts: list[dict[str, int]], call: str) -> dict[str, int]:
    note_run()
    return {"value": sum(part["value"] for part in parts), "factor": parts[0]["factor"]}


@app.task(name="storm.total")
def total(numbers: list[int], call: str) -> int:
    note_run()
    return sum(numbers)
