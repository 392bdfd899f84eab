"""Calls of old versions behave like calls of any task, whatever Celery does with them.

On each pool, and in a smaller selection on each broker. One worker serves all tests of its pool and broker.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest
from celery import Celery, chain, chord, group
from celery.events import EventReceiver
from celery.exceptions import TaskRevokedError, TimeLimitExceeded

from taskcontract.errors import ProviderError
from tests.support.adapted_shop import (
    NotDoneError,
    Sum,
    add,
    add_v2,
    late,
    limited,
    limited_v2,
    linger,
    quiet,
    shop,
    total,
    work,
)
from tests.support.brokers import open_room
from tests.support.celery_worker import QUICK, ROOT, run_celery_worker
from tests.support.closing import close_app
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

POOLS = ["embedded-prefork", "embedded-threads", "embedded-solo"]
# Celery's thread pool takes eight seconds to stop on RabbitMQ.
ALL = [*POOLS, "redis-prefork", "rabbitmq-prefork"]
on_every_pool = pytest.mark.parametrize("place", POOLS, indirect=True)
everywhere = pytest.mark.parametrize("place", ALL, indirect=True)
on_prefork = pytest.mark.parametrize("place", POOLS[:1], indirect=True)


@dataclass
class Place:
    """A running worker with its folder, and the app that calls it."""

    folder: Path
    app: Celery
    events: list[dict[str, Any]] = field(default_factory=list)

    def notes(self, event: str, *facts: Any) -> list[list[Any]]:
        """The lines of the worker's journal that open with these, each without them and its time."""
        journal = self.folder / "journal"
        lines = map(json.loads, journal.read_text().splitlines()) if journal.exists() else ()
        start = len(facts)
        return [line[2 + start :] for line in lines if line[0] == event and line[2 : 2 + start] == [*facts]]

    def events_of(self, task_id: str, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.events if each.get("uuid") == task_id and each["type"] == kind]

    def wait_for_events(self, task_id: str, kind: str, count: int) -> None:
        """Wait until so many have come: those of a pool's processes may come late. No more may come."""
        wait_until(lambda: len(self.events_of(task_id, kind)) >= count)
        assert len(self.events_of(task_id, kind)) == count


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    broker, pool = request.param.split("-")
    folder = tmp_path_factory.mktemp(request.param)
    app_options = ("-P", pool, "-c", "2", "--task-events")
    with open_room(broker) as room:
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        app.conf.task_default_queue = room.name
        environment = {**room.environment, "ROOM": room.name}
        worker = run_celery_worker(
            "tests.support.adapted_shop", folder, room.name, *app_options, environment=environment
        )
        with worker, listening(app) as events:
            shop.use(app, consumer="live-tests")
            yield Place(folder, app, events)
        shop.app = None
        close_app(app)


class listening:  # noqa: N801 - reads as a verb in a `with`
    """Gathers the events of an app's workers while the block runs."""

    def __init__(self, app: Celery) -> None:
        self.events: list[dict[str, Any]] = []
        self._app = app
        self._ended = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def _listen(self) -> None:
        with self._app.connection_for_read() as connection:
            receiver: Any = EventReceiver(connection, handlers={"*": self.events.append}, app=self._app)
            consuming = receiver.consume(limit=None, timeout=0.1, wakeup=False)
            while not self._ended.is_set():
                try:
                    self._ready.set()
                    next(consuming)
                except (TimeoutError, StopIteration):
                    consuming = receiver.consume(limit=None, timeout=0.1, wakeup=False)

    def __enter__(self) -> list[dict[str, Any]]:
        self._thread.start()
        assert self._ready.wait(10)
        return self.events

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(10)


@pytest.fixture
def key() -> str:
    return uuid4().hex[:8]


@everywhere
def test_each_version_is_answered_as_itself(place: Place) -> None:
    assert add.delay(1, y=2).get(timeout=10) == 3
    assert add_v2.delay(1, 2, steps=["mine"]).get(timeout=10) == Sum(3, ["mine", "v2", "v3", "v2"])


@everywhere
def test_chains_groups_and_chords_pass_old_results_on(place: Place) -> None:
    assert chain(add.s(1, 2), add.s(10), add.s(y=100), app=place.app).apply_async().get(timeout=10) == 113
    headers: Any = group(add.s(n, n) for n in range(4))
    assert headers.apply_async().get(timeout=10) == [0, 2, 4, 6]
    assert (
        chord([add.s(n, n) for n in range(4)], total.s(), app=place.app).apply_async().get(timeout=10) == 12
    )
    nested = chain(group(add.si(1, 1), add.si(2, 2)), total.s(), add.s(100), app=place.app)
    assert nested.apply_async().get(timeout=10) == 106


@everywhere
@pytest.mark.parametrize("kind", ["retry", "autoretry"])
def test_a_retry_of_an_old_call_stays_one_and_is_adapted_once_a_run(
    place: Place, kind: str, key: str
) -> None:
    token = f"s3cr3t-{key}"
    result = work.apply_async((kind, key), {"token": token})
    assert result.get(timeout=10) == 2
    runs = place.notes("work", key)
    args, kwargs = [kind, key], {"token": token}
    header = {"taskcontract": {"version": "1.0.0", "consumer": "live-tests"}}
    texts = f"({kind!r}, {key!r})"
    assert runs == [["shop.work", retries, args, kwargs, header, texts] for retries in range(3)]
    assert len(place.notes("adapted", key)) == 3
    expected = {"task-received": 3, "task-started": 3, "task-retried": 2, "task-succeeded": 1}
    for event, count in expected.items():
        place.wait_for_events(result.id, event, count)
    assert {each["name"] for each in place.events_of(result.id, "task-received")} == {"shop.work"}
    assert token not in json.dumps(list(place.events))
    assert token not in (place.folder / "worker.log").read_text()


@on_every_pool
@pytest.mark.parametrize(
    ("kind", "runs", "told"),
    [
        ("fail", 1, "not done: {}"),
        ("retry on", 3, "not done: {}"),
        ("autoretry on", 3, "not done: {}"),
    ],
)
def test_old_callers_get_errors_that_they_know(
    place: Place, kind: str, runs: int, told: str, key: str
) -> None:
    linked: Any = place.app.signature("shop.note_errback")
    result = work.apply_async((kind, key), link_error=linked)
    with pytest.raises(NotDoneError) as caught:
        result.get(timeout=10)
    assert str(caught.value) == told.format(key)
    assert len(place.notes("work", key)) == runs
    assert wait_until(lambda: place.notes("errback", result.id)) == [[]]


@on_every_pool
def test_a_retry_never_turns_into_another_version_s_call(place: Place, key: str) -> None:
    with pytest.raises(ProviderError, match=r"a retry of work@1\.0\.0 names arguments that it does not take"):
        work.delay("retry as v2", key).get(timeout=10)


@on_every_pool
def test_a_call_is_never_replaced_by_another_version_s(place: Place, key: str) -> None:
    with pytest.raises(ProviderError, match=r"a call of work@1\.0\.0 cannot be replaced by shop\.work_v2"):
        work.delay("replace", key).get(timeout=10)
    assert work.delay("replace by itself", key).get(timeout=10) == 0
    assert [name for name, *_ in place.notes("work", key)] == ["shop.work"] * 3


@on_every_pool
def test_a_link_gets_the_old_result(place: Place, key: str) -> None:
    result = add.apply_async((20, 1), link=add.s(7))
    assert result.get(timeout=10) == 21
    assert wait_until(lambda: [21, 7] in place.notes("add"))
    (child,) = cast("Any", result).children
    assert child.get(timeout=10) == 28


@on_every_pool
def test_eta_and_expiry_hold_for_old_calls(place: Place, key: str) -> None:
    due = time.time() + 0.5
    work.apply_async(("plain", key), countdown=0.5).get(timeout=10)
    ((_, ran, *_),) = (line for line in read_journal(place) if line[0] == "work" and line[2] == key)
    assert ran >= due
    with pytest.raises(TaskRevokedError):
        work.apply_async(("plain", f"{key}-late"), countdown=0.5, expires=0.1).get(timeout=10)
    assert place.notes("work", f"{key}-late") == []


def read_journal(place: Place) -> list[list[Any]]:
    return [json.loads(line) for line in (place.folder / "journal").read_text().splitlines()]


@on_every_pool
def test_a_task_tells_its_progress(place: Place, key: str) -> None:
    result = work.delay("progress", key)
    assert wait_until(lambda: str(result.state) == "PROGRESS")
    assert cast("Any", result).info == {"key": key}
    (place.folder / key).touch()
    assert result.get(timeout=10) == 0


@on_every_pool
def test_a_result_that_is_ignored_is_never_stored(place: Place, key: str) -> None:
    result = quiet.delay(key)
    assert wait_until(lambda: place.notes("quiet", key))
    assert wait_until(lambda: place.events_of(result.id, "task-succeeded"))
    assert place.app.AsyncResult(result.id).state == "PENDING"
    assert result.get(timeout=1) is None


@on_every_pool
def test_all_versions_share_one_rate_limit(place: Place, key: str) -> None:
    results = [limited.delay(key) for _ in range(5)] + [limited_v2.delay(key, 1) for _ in range(5)]
    assert [each.get(timeout=10) for each in results] == [1] * 10
    times = [line[1] for line in read_journal(place) if line[0] == "limited" and line[2] == key]
    # Ten a second: 0.9 s from the first to the last, and 0.4 s if each version had a limit of its own.
    assert max(times) - min(times) >= 0.65


@on_prefork
def test_time_limits_hold_for_old_calls(place: Place) -> None:
    assert linger.delay("soft").get(timeout=10) == 7
    with pytest.raises(TimeLimitExceeded):
        linger.delay("hard").get(timeout=10)


@on_prefork
def test_a_call_that_is_acknowledged_late_survives_its_process(place: Place, key: str) -> None:
    assert late.delay(key).get(timeout=20) == 1
    assert len(place.notes("late", key)) == 2


@everywhere
def test_flower_sees_the_version_that_was_called(place: Place) -> None:
    result = add.delay(4, 4)
    assert result.get(timeout=10) == 8
    (received,) = wait_until(lambda: place.events_of(result.id, "task-received"))
    assert (received["name"], received["args"], received["kwargs"]) == ("shop.add", "(4, 4)", "{}")
    (succeeded,) = wait_until(lambda: place.events_of(result.id, "task-succeeded"))
    assert succeeded["result"] == "8"


REFUSED = {
    "provider.implements(sell_v2, autoretry_for=(OSError))(serve)": "autoretry_for=<class 'OSError'> is no",
    "provider.implements(sell_v2, retry_backoff='x')(serve)": "cannot be registered for ",
    "provider.implements(sell_v2)(serve); app.task(name='refused.sell')(same)": "is registered by ",
}
REFUSING = """
from celery import Celery
from taskcontract import Provider, Service

app = Celery("refused", broker="memory://", set_as_current=False)
service = Service("refused")
provider = Provider(app, service)

@service.task(version="1.0.0")
def sell(item: str) -> str: ...

@service.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str) -> str: ...

def serve(item: str) -> str:
    return item

@provider.upcasts(sell)
def same(item: str):
    '''No change.'''
    return sell_v2.call(item)

{line}
"""


@pytest.mark.parametrize(("line", "told"), REFUSED.items(), ids=["option", "registering", "leftover"])
def test_a_worker_that_would_not_serve_refuses_to_start(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "refused.py").write_text(REFUSING.format(line=line))
    command = [sys.executable, "-m", "celery", "-A", "refused", "worker", "-P", "solo", *QUICK]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TASKCONTRACT_USAGE": "off"}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert told in ended.stdout + ended.stderr
    assert ended.returncode == 2
    assert " ready." not in ended.stderr
