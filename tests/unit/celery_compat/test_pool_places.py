"""A call that the pool did not get leaves its place, and its note."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from celery.worker import state
from kombu.asynchronous.semaphore import LaxBoundedSemaphore

from taskcontract.celery_compat.pool_places import take_back

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL_WORKER = """
from celery import Celery
worker = Celery("places", broker="redis://127.0.0.1:1").WorkController(pool="prefork", concurrency=2)
print(type(worker.semaphore).__name__, worker._quick_release == worker.semaphore.release)
"""


class Request:
    id = "one"
    name = "a task"


@pytest.fixture
def worker() -> Any:
    return SimpleNamespace(semaphore=LaxBoundedSemaphore(2))


@pytest.fixture
def noted() -> Iterator[Request]:
    request: Any = Request()
    state.task_reserved(request)
    yield request
    state.reserved_requests.discard(request)
    state.requests.pop("one", None)


def hold(worker: Any) -> None:
    worker.semaphore.acquire(lambda: None)


@pytest.mark.process
def test_a_worker_has_places_which_celery_itself_leaves_so() -> None:
    """In a process of its own: a worker that is made changes Celery for its whole process."""
    printed = subprocess.run(
        [sys.executable, "-c", REAL_WORKER], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    assert printed.split() == ["LaxBoundedSemaphore", "True"]


def test_the_place_of_a_noted_call_is_left(worker: Any, noted: Request) -> None:
    hold(worker)
    assert worker.semaphore.value == 1
    take_back(worker, "one")
    assert worker.semaphore.value == 2
    assert noted not in state.reserved_requests
    hold(worker)
    take_back(worker, "one")
    assert worker.semaphore.value == 1, "it had one place"


def test_a_call_that_is_not_noted_has_no_place(worker: Any) -> None:
    hold(worker)
    take_back(worker, "another")
    assert worker.semaphore.value == 1


def test_without_places_the_note_alone_goes(noted: Request) -> None:
    take_back(SimpleNamespace(semaphore=None), "one")
    assert noted not in state.reserved_requests


@pytest.mark.parametrize("name", ["requests", "task_ready"])
def test_without_the_notes_it_goes_on(
    name: str, worker: Any, noted: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(state, name)
    take_back(worker, "one")
    monkeypatch.undo()
    assert noted in state.reserved_requests
