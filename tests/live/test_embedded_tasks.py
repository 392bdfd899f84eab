"""What Celery promises its callers, on the embedded broker: a plain app, a real worker, each kind of pool."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group
from celery.exceptions import ChordError
from celery.result import AsyncResult

from taskcontract import embedded
from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

APP = """
import os
import time
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain", broker=os.environ["PLACE"], backend=os.environ["PLACE"])

@app.task(name="add")
def add(x, y):
    return x + y

@app.task(name="total")
def total(numbers):
    return sum(numbers)

@app.task(name="fail")
def fail(*_):
    raise ValueError("as asked")

@app.task(name="flaky", bind=True)
def flaky(self, countdown):
    if self.request.retries < 2:
        raise self.retry(countdown=countdown)
    return time.time()

@app.task(name="now")
def now():
    return time.time()

@app.task(name="echo")
def echo(value):
    return value
"""


@pytest.fixture(scope="module", params=["threads", "prefork", "solo"])
def caller(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    """A program that knows the tasks by name, and a worker for it, in a folder with a space in its path."""
    place = tmp_path_factory.mktemp("live") / f"a {request.param} broker"
    (place / "app").mkdir(parents=True)
    (place / "app" / "plain.py").write_text(APP)
    embedded.register()
    url = embedded.write_url(place / "broker")
    app = Celery("caller", broker=url, backend=url, set_as_current=False)
    app.conf.update(result_extended=False)
    options = ("-P", request.param, "-c", "2", "--task-events")
    with run_celery_worker("plain", place / "app", "celery", *options, environment={"PLACE": url}):
        yield app
    close_app(app)
    assert leftovers_of(place / "broker") == []


def leftovers_of(broker: Path) -> list[str]:
    """What a stopped worker and its callers should have cleared away."""
    found = [
        *(broker / "aside").iterdir(),
        *(broker / "broken").iterdir(),
        *(broker / "queues").glob("*pidbox*"),
    ]
    return sorted(path.name for path in found)


def sign(caller: Celery, name: str, *args: Any, **options: Any) -> Any:
    return caller.signature(name, args=args, options=options)


def test_each_call_gets_its_result(caller: Celery) -> None:
    assert [caller.send_task("add", (number, 1)).get(timeout=10) for number in range(10)] == list(
        range(1, 11)
    )


def test_many_results_come_back_each_to_its_call(caller: Celery) -> None:
    results = [caller.send_task("add", (number, 0)) for number in range(200)]
    assert [result.get(timeout=20) for result in results] == list(range(200))


@pytest.mark.parametrize("value", ["x" * 1_000_000, {"ü": [None, 1.5]}, "", None])
def test_payloads_arrive_whole(caller: Celery, value: Any) -> None:
    assert caller.send_task("echo", (value,)).get(timeout=10) == value


def test_a_failure_reaches_the_caller(caller: Celery) -> None:
    with pytest.raises(ValueError, match="as asked"):
        caller.send_task("fail").get(timeout=10)


def test_canvas(caller: Celery) -> None:
    numbers = group([sign(caller, "add", n, n) for n in range(8)], app=caller)
    assert numbers.apply_async().get(timeout=10) == [0, 2, 4, 6, 8, 10, 12, 14]
    three = chain(sign(caller, "add", 1, 1), sign(caller, "add", 10), sign(caller, "add", 100), app=caller)
    assert three.apply_async().get(timeout=10) == 112
    assert chord(numbers.tasks, sign(caller, "total"), app=caller).apply_async().get(timeout=10) == 56
    ended = chain(numbers, sign(caller, "total"), sign(caller, "add", 1), app=caller)
    assert ended.apply_async().get(timeout=10) == 57


def test_a_chord_whose_part_fails_ends(caller: Celery) -> None:
    parts = [sign(caller, "add", 1, 1), sign(caller, "fail")]
    # Celery tells the body's failure or, if it is seen first, the part's own.
    with pytest.raises((ChordError, ValueError), match="as asked"):
        chord(parts, sign(caller, "total"), app=caller).apply_async().get(timeout=10)


def test_a_retry_comes_after_its_countdown(caller: Celery) -> None:
    due = time.time() + 0.6
    assert caller.send_task("flaky", (0.3,)).get(timeout=20) >= due


def test_a_call_waits_for_its_time(caller: Celery) -> None:
    due = time.time() + 0.5
    assert caller.send_task("now", countdown=0.5).get(timeout=10) >= due


def test_a_worker_answers_to_remote_control(caller: Celery) -> None:
    for _ in range(2):
        [answer] = caller.control.ping(timeout=5, limit=1) or []
        assert list(answer.values()) == [{"ok": "pong"}]
    [queues] = (caller.control.inspect(timeout=5, limit=1).active_queues() or {}).values()
    assert [queue["name"] for queue in queues] == ["celery"]


def test_a_revoked_call_does_not_run(caller: Celery) -> None:
    result = caller.send_task("add", (1, 2), countdown=1)
    caller.control.revoke(result.id, reply=True, limit=1, timeout=5)
    assert isinstance(result, AsyncResult)
    with pytest.raises(Exception, match="revoked"):
        result.get(timeout=10)


def test_events_are_broadcast(caller: Celery) -> None:
    seen: list[str] = []
    with caller.connection_for_read() as connection:
        receiver = caller.events.Receiver(
            connection, handlers={"*": lambda event: seen.append(event["type"])}
        )
        with receiver.consumer_context(wakeup=False) as (consuming, *_):
            caller.send_task("add", (1, 2)).get(timeout=10)
            while "task-succeeded" not in seen:
                consuming.drain_events(timeout=5)
    assert {"task-received", "task-started", "task-succeeded"} <= set(seen)


def test_a_forgotten_result_is_gone(caller: Celery) -> None:
    result = caller.send_task("add", (1, 2))
    result.get(timeout=10)
    result.forget()
    assert caller.AsyncResult(result.id).state == "PENDING"
