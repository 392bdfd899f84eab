"""The result store: whole results, found at once, gone when they should be."""

from __future__ import annotations

import os
import pickle
import shutil
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import celery
import pytest
from celery import Celery, states
from celery.backends import base as celery_backend
from celery.exceptions import TimeoutError as ResultTimeoutError
from celery.result import AsyncResult, ResultSet

from taskcontract import embedded
from taskcontract.embedded import backend as backend_module
from taskcontract.embedded.backend import EmbeddedBackend
from taskcontract.embedded.location import FolderLostError
from taskcontract.embedded.refusal import FolderRefusedError
from tests.support.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def app(folder: Path) -> Celery:
    embedded.register()
    url = embedded.write_url(folder)
    return Celery("stored", broker=url, backend=url, set_as_current=False)


@pytest.fixture
def store(app: Celery) -> EmbeddedBackend:
    backend = app.backend
    assert isinstance(backend, EmbeddedBackend)
    return backend


def run_soon(action: Callable[[], Any], seconds: float = 0.1) -> threading.Timer:
    timer = threading.Timer(seconds, action)
    timer.start()
    return timer


@pytest.mark.parametrize(
    ("value", "state", "expected"),
    [
        ({"n": [1, None, "ü"]}, states.SUCCESS, {"n": [1, None, "ü"]}),
        (None, states.SUCCESS, None),
        ("x" * 1_000_000, states.SUCCESS, "x" * 1_000_000),
        (ValueError("bad"), states.FAILURE, ValueError),
        (ValueError("again"), states.RETRY, ValueError),
    ],
)
def test_a_result_comes_back(
    app: Celery, store: EmbeddedBackend, value: Any, state: str, expected: Any
) -> None:
    store.store_result("id", value, state)
    result: AsyncResult[Any] = AsyncResult("id", app=app)
    assert result.state == state
    assert isinstance(result.result, expected) if isinstance(expected, type) else result.result == expected


@pytest.mark.parametrize("key", ["../../up", "a/b", "T" * 400, "ü\0"])
def test_any_task_id_will_do(store: EmbeddedBackend, folder: Path, key: str) -> None:
    store.store_result(key, 1, states.SUCCESS)
    assert store.get_result(key) == 1
    assert {path.name for path in folder.parent.iterdir()} == {folder.name}


def test_a_success_is_not_overwritten(store: EmbeddedBackend) -> None:
    store.store_result("id", 1, states.SUCCESS)
    store.store_result("id", ValueError(), states.RETRY)
    assert store.get_state("id") == states.SUCCESS


def test_a_forgotten_result_is_pending(app: Celery, store: EmbeddedBackend, folder: Path) -> None:
    store.store_result("id", 1, states.SUCCESS)
    AsyncResult("id", app=app).forget()
    AsyncResult("id", app=app).forget()
    assert store.get_state("id") == states.PENDING
    assert [path.name for path in (folder / "results").iterdir()] == [".cleaned"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the store and of what it inherits from Celery's."""
    clock = Clock()
    monkeypatch.setattr(backend_module, "time", clock)
    monkeypatch.setattr(celery_backend, "time", clock)
    return clock


def test_a_result_is_seen_soon_after_it_came(app: Celery, store: EmbeddedBackend, clock: Clock) -> None:
    clock.at(1, lambda: store.store_result("id", 1, states.SUCCESS))
    assert AsyncResult("id", app=app).get(timeout=10) == 1
    assert clock.now - 1 <= 0.02, "Celery's own interval is half a second"


def test_a_set_of_results_is_seen_soon_too(app: Celery, store: EmbeddedBackend, clock: Clock) -> None:
    ids = [f"id{number}" for number in range(5)]
    for number, key in enumerate(ids, 1):
        clock.at(number, partial(store.store_result, key, key, states.SUCCESS))
    results = ResultSet([AsyncResult(key, app=app) for key in ids], app=app)
    assert results.get(timeout=10) == ids
    assert dict(results.iter_native(timeout=10)).keys() == set(ids)
    assert clock.now - 5 <= 0.1, (
        "each result may be seen a moment late; Celery's own interval is half a second"
    )


def test_iterating_finds_results_without_half_a_second_of_sleep(
    app: Celery, store: EmbeddedBackend, clock: Clock
) -> None:
    clock.at(1, lambda: store.store_result("id", 1, states.SUCCESS))
    assert [key for key, _ in store.get_many(["id"], timeout=10)] == ["id"]
    assert clock.now - 1 <= 0.02


@pytest.mark.parametrize("timeout", [0, 0.05, 7])
def test_waiting_ends_in_time(app: Celery, clock: Clock, timeout: float) -> None:
    with pytest.raises(ResultTimeoutError):
        AsyncResult("never", app=app).get(timeout=timeout)
    assert clock.now == pytest.approx(timeout)


def test_waiting_calls_back(app: Celery) -> None:
    calls: list[int] = []
    with pytest.raises(ResultTimeoutError):
        AsyncResult("never", app=app).get(timeout=0.02, on_interval=lambda: calls.append(1))
    assert calls


@pytest.mark.parametrize("replaced", [False, True])
def test_a_caller_does_not_wait_for_ever_when_its_folder_goes(
    app: Celery, folder: Path, replaced: bool
) -> None:
    def remove() -> None:
        folder.rename(folder.with_name("gone"))  # at once: whoever waits may write there meanwhile
        if replaced:
            (folder / "results").mkdir(parents=True, exist_ok=True)

    timer = run_soon(remove, 0.05)
    with pytest.raises(FolderLostError, match="lost its folder"):
        AsyncResult("never", app=app).get(timeout=20)
    timer.join()


def test_a_store_makes_a_removed_folder_again(store: EmbeddedBackend, folder: Path) -> None:
    shutil.rmtree(folder)
    store.store_result("id", 1, states.SUCCESS)
    assert store.incr("counter") == 1
    assert store.get_result("id") == 1


def test_a_folder_that_cannot_serve_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderRefusedError):
        EmbeddedBackend(Celery(set_as_current=False), url=f"embedded://{tmp_path}/file/results")


@pytest.mark.parametrize(
    ("expires", "left"), [(60, {"young"}), (3600 * 24, {"young", "old"}), (None, {"young", "old"})]
)
def test_cleanup_removes_what_expired(
    app: Celery, folder: Path, expires: float | None, left: set[str]
) -> None:
    store = EmbeddedBackend(app, url=embedded.write_url(folder))
    store.expires = expires
    for key, age in (("young", 0), ("old", 3600)):
        store.set(key, "value")
        os.utime(folder / "results" / key, (time.time() - age, time.time() - age))
    store.cleanup()
    assert {path.name for path in (folder / "results").iterdir()} - {".cleaned"} == left


def test_a_store_cleans_up_once_an_hour_by_itself(app: Celery, folder: Path) -> None:
    url = embedded.write_url(folder)
    first = EmbeddedBackend(app, url=url)
    first.set("old", "value")
    os.utime(folder / "results" / "old", (0, 0))
    EmbeddedBackend(app, url=url).set("young", "value")
    assert first.get("old")
    os.utime(folder / "results" / ".cleaned", (0, 0))
    EmbeddedBackend(app, url=url).set("younger", "value")
    assert first.mget(["old", "young", "younger"]) == [None, b"value", b"value"]


def test_every_count_is_given_once(store: EmbeddedBackend) -> None:
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.extend(store.incr("n") for _ in range(50))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(counts) == list(range(1, 201))


def test_readers_never_see_half_a_result(store: EmbeddedBackend) -> None:
    done = threading.Event()
    values = [letter * 300_000 for letter in (b"a", b"b")]

    def write() -> None:
        while not done.is_set():
            for value in values:
                store.set("key", value)

    store.set("key", values[0])
    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    seen = {store.get("key") for _ in range(200)}
    done.set()
    for writer in writers:
        writer.join(timeout=20)
    assert seen <= set(values)


def test_a_store_travels_to_another_process(app: Celery, store: EmbeddedBackend) -> None:
    app.set_current()
    store.store_result("id", 1, states.SUCCESS)
    assert pickle.loads(pickle.dumps(store)).get_result("id") == 1


@pytest.mark.skipif(celery.VERSION < (5, 7), reason="this Celery compresses no results")
def test_a_compressed_result_comes_back(app: Celery, folder: Path) -> None:
    app.conf.result_compression = "gzip"
    store = EmbeddedBackend(app, url=embedded.write_url(folder))
    store.store_result("id", "x" * 10_000, states.SUCCESS)
    assert store.get_result("id") == "x" * 10_000
    assert (folder / "results" / "celery-task-meta-id").stat().st_size < 1000
