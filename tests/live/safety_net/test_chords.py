"""A chord with a refused part is told at once, and goes on when the part is replayed, on every broker."""

from __future__ import annotations

import gc
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group

from taskcontract.errors import UnknownTaskError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.closing import close_app
from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

OLD = f"""{PLAIN}
@app.task(name="sum")
def total(numbers):
    return sum(numbers)
"""
NEW = f"""{OLD}
@app.task(name="double")
def double(x):
    return 2 * x
"""


@pytest.fixture
def app(room: Room) -> Iterator[Celery]:
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    app.conf.task_default_queue = room.name
    yield app
    close_app(app)
    with warnings.catch_warnings():
        # Celery leaves the sockets of its producers to the garbage collector: here they are in cycles.
        warnings.simplefilter("ignore", ResourceWarning)
        del app
        gc.collect()


def test_a_replayed_part_completes_its_chord(room: Room, app: Celery, tmp_path: Path) -> None:
    def sign(name: str, *args: object) -> Any:
        return app.signature(name, args=args)

    # Celery's prefork pool takes half a minute to stop now and then.
    threads = ("-P", "threads", "-c", "2")
    with run_service(tmp_path, room, OLD, *threads):
        parts = [sign("double", 1), sign("add", 3, 4)]
        results: dict[str, Any] = {
            "chord": chord(parts, sign("sum"), app=app).apply_async(),
            "chain in a chord": chord(
                [chain(sign("double", 1), sign("add", 1), app=app), sign("add", 3, 4)], sign("sum"), app=app
            ).apply_async(),
            "chord, then more": chain(
                group(parts, app=app), sign("sum"), sign("add", 1), app=app
            ).apply_async(),
            "a group behind a chord": chord(
                parts, group([chain(sign("sum"), sign("add", n), app=app) for n in (1, 2)], app=app), app=app
            ).apply_async(),
        }
        waiting = [result for each in results.values() for result in getattr(each, "results", None) or [each]]
        assert all(isinstance(read(app, result.id, "FAILURE"), UnknownTaskError) for result in waiting)
    with (
        run_service(tmp_path, room, NEW, *threads, name="newer"),
        Quarantine(app, f"{room.name}.quarantine") as quarantine,
    ):
        assert len(quarantine.replay(lambda kept: True).sent) == len(results)
        members = results.pop("a group behind a chord").results
        assert {name: read(app, result.id, "SUCCESS") for name, result in results.items()} == {
            "chord": 9,
            "chain in a chord": 10,
            "chord, then more": 10,
        }
        assert [read(app, member.id, "SUCCESS") for member in members] == [10, 11]


def read(app: Celery, task_id: str, state: str) -> object:
    """The result in this state; read afresh, as Celery's own result objects keep an error."""
    wait_until(lambda: app.AsyncResult(task_id).state == state)
    return app.AsyncResult(task_id).result
