"""Declared errors of each kind arrive as they were raised, through every result store and serializer.

The caller has the bindings alone: what the worker raises is made in the worker's process.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group
from celery.exceptions import ChordError
from celery.result import AsyncResult

from tests.support.brokers import Room, open_room
from tests.support.celery_worker import ROOT, run_celery_worker
from tests.support.closing import close_app
from tests.support.failing_bindings import (
    KINDS,
    BusyError,
    FrozenError,
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
from tests.support.same_error import look_at
from tests.support.thorough import THOROUGH
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.thorough]

PLACES = [
    # broker, result store, result serializer, pool
    ("embedded", "embedded", "msgpack", "threads"),
    ("embedded", "file", "yaml", "threads"),
    ("redis", "redis", "json", "prefork"),
    ("rabbitmq", "rpc", "json", "prefork"),
]
"""Each broker, store, serializer and kind of pool."""
MORE_PLACES = [
    ("embedded", "embedded", "json", "prefork"),
    ("redis", "redis", "yaml", "threads"),
    ("rabbitmq", "rpc", "msgpack", "prefork"),
]


class Place:
    """A running worker, the app that calls it, and the folder that it runs in."""

    def __init__(self, room: Room, app: Celery, folder: Path) -> None:
        self.room = room
        self.app = app
        self.folder = folder

    def send(self, task: Any, *args: Any, **options: Any) -> Any:
        return task.apply_async(args, queue=self.room.name, **options)

    def log(self) -> str:
        return (self.folder / "worker.log").read_text()


@pytest.fixture(scope="module", params=[*PLACES, *(MORE_PLACES if THOROUGH else ())], ids="-".join)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    broker, store, serializer, pool = request.param
    folder = tmp_path_factory.mktemp("errors")
    (folder / "results").mkdir()
    with open_room(broker) as room:
        backend = {"file": f"file://{folder / 'results'}", "rpc": "rpc://"}.get(store, room.backend)
        environment = {**room.environment, "CELERY_RESULT_BACKEND": backend, "RESULT_SERIALIZER": serializer}
        app = Celery("caller", broker=room.broker, backend=backend, set_as_current=False)
        app.conf.update(result_serializer=serializer, accept_content=["json", serializer])
        failing.use(app)
        options = ("-P", pool, "-c", "2", "-E")
        with run_celery_worker(
            "tests.support.failing_service", folder, room.name, *options, environment=environment
        ):
            yield Place(room, app, folder)
        failing.app = None
        close_app(app)


@pytest.mark.parametrize("kind", KINDS)
def test_get_raises_the_declared_error(place: Place, kind: str) -> None:
    error = KINDS[kind]()
    with pytest.raises(type(error)) as caught:
        place.send(lose, kind).get(timeout=20)
    assert type(caught.value) is type(error)
    assert look_at(caught.value) == look_at(error)


def test_every_way_to_read_it_gives_it(place: Place) -> None:
    result = place.send(lose, "keywords")
    given = result.get(timeout=20, propagate=False)
    assert type(given) is KeywordError
    assert type(result.result) is KeywordError
    assert (result.state, result.failed()) == ("FAILURE", True)
    if not place.app.conf.result_backend.startswith("rpc"):
        again: Any = AsyncResult(result.id, app=place.app)
        assert type(again.result) is KeywordError
        assert again.result.code == 5
        with pytest.raises(KeywordError):
            again.get(timeout=5)


def test_a_group_and_a_chain_raise_it(place: Place) -> None:
    calls = [lose.s(kind).set(queue=place.room.name) for kind in ("made text", "frozen")]
    results = group(calls, app=place.app).apply_async()
    given = results.get(timeout=20, propagate=False)
    assert [look_at(each) for each in given] == [look_at(KINDS["made text"]()), look_at(KINDS["frozen"]())]
    steps = chain(
        lose.si("keywords").set(queue=place.room.name),
        show.si("never").set(queue=place.room.name),
        app=place.app,
    )
    with pytest.raises(KeywordError) as caught:
        steps.apply_async().get(timeout=20)
    assert caught.value.code == 5


def test_a_chord_fails_with_it(place: Place) -> None:
    if place.app.conf.result_backend.startswith("rpc"):
        pytest.skip("rpc:// has no chords")
    header = [lose.s("made text").set(queue=place.room.name), lose.s("frozen").set(queue=place.room.name)]
    body = show.si("never").set(queue=place.room.name)
    # Celery raises the first error of the header, or a ChordError that spells it out.
    with pytest.raises((BusyError, FrozenError, ChordError)) as caught:
        chord(header, body, app=place.app).apply_async().get(timeout=30)
    assert not isinstance(caught.value, ChordError) or "Error(" in str(caught.value)


def test_retries_go_on_until_they_are_over(place: Place) -> None:
    assert place.send(lose_twice, 2).get(timeout=30) == "after 3"
    with pytest.raises(SameError) as caught:
        place.send(lose_twice, 9).get(timeout=30)
    assert caught.value.tries == 3


def test_an_old_version_answers_with_its_own_error(place: Place) -> None:
    for port in (0, 80):
        with pytest.raises(BusyError) as caught:
            place.send(lock, port).get(timeout=20)
        assert caught.value.port == port
    with pytest.raises(KeywordError) as newer:
        place.send(lock_v2, 80).get(timeout=20)
    assert newer.value.code == 80


def test_what_cannot_travel_stays_behind_alone(place: Place) -> None:
    with pytest.raises(ShownError, match="shown: it") as caught:
        place.send(show, "it").get(timeout=20)
    assert not hasattr(caught.value, "lock")
    assert caught.value.args[0] == "shown: it"


def test_an_error_that_nobody_declares_stays_as_celery_gives_it(place: Place) -> None:
    with pytest.raises(ZeroDivisionError, match="by zero"):
        place.send(lose, "undeclared").get(timeout=20)


def test_an_error_that_is_kept_though_results_are_not_is_the_declared_one(place: Place) -> None:
    if place.app.conf.result_backend.startswith("rpc"):
        pytest.skip("rpc:// sends no error of a task whose result is ignored")
    result: Any = AsyncResult(place.send(forget, 80).id, app=place.app)
    wait_until(lambda: result.state == "FAILURE")
    assert look_at(result.result) == look_at(BusyError(80))


READ = """
import sys
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain", broker="memory://", backend=sys.argv[1])
app.conf.update(result_serializer=sys.argv[2], accept_content=["json", sys.argv[2]])
error = app.AsyncResult(sys.argv[3]).result
print(type(error).__name__, error)
"""


def test_a_caller_without_bindings_gets_what_celery_makes_of_it(place: Place) -> None:
    conf = place.app.conf
    if conf.result_backend.startswith("rpc"):
        pytest.skip("rpc:// gives a result to its caller alone")
    result = place.send(lose, "keywords")
    result.get(timeout=20, propagate=False)
    arguments = (conf.result_backend, conf.result_serializer, result.id)
    command = [sys.executable, "-c", READ, *arguments]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == "KeywordError code 5\n"


def test_errbacks_and_logs_speak_of_the_error(place: Place) -> None:
    errback = place.app.signature("failing.note").set(queue=place.room.name)
    place.send(show, "logged", link_error=errback).get(timeout=20, propagate=False)
    written = place.folder / "errbacks"
    wait_until(lambda: written.exists() and "ShownError" in written.read_text())
    wait_until(lambda: "raised expected: ShownError('shown: logged'" in place.log())
