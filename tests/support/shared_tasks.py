"""Tasks that Celery shares with every app of the process, kept to the test that makes them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from celery import _state

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def own_shared_tasks() -> Iterator[None]:
    """Forget at the end what `@shared_task`, or `@app.task` of an app, has shared inside the block.

    An app that is made later would have it too, and two of one name keep it from starting.
    """
    finalizers: set[object] = vars(_state)["_on_app_finalizers"]
    before = set(finalizers)
    try:
        yield
    finally:
        finalizers.clear()
        finalizers.update(before)
