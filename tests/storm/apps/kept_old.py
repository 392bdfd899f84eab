"""The old release with taskcontract: it knows version 1 alone."""

from __future__ import annotations

from typing import Any

from taskcontract import Provider
from tests.storm.apps import bindings_old as bindings
from tests.storm.apps.settings import make_app
from tests.storm.apps.work import note_run

app = make_app("kept")
provider = Provider(app, bindings.storm)


@provider.implements(bindings.scale)
def scale(number: int, call: str) -> int:
    note_run()
    return number * 2


@provider.implements(bindings.stubborn, bind=True)
def stubborn(self: Any, number: int, call: str, tries: int) -> int:
    note_run()
    if self.request.retries < tries:
        raise self.retry(countdown=0.3)
    return number * 2


@provider.implements(bindings.total)
def total(numbers: list[int], call: str) -> int:
    note_run()
    return sum(numbers)
