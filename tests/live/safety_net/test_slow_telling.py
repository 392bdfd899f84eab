"""A result store that hangs, or an errback that takes its time, keeps no other call waiting."""

from __future__ import annotations

import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract.errors import UnknownTaskError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.brokers import open_room
from tests.support.closing import close_app
from tests.support.own_redis import open_redis
from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

SOURCE = (
    PLAIN
    + """
import time

@app.task(name="mark", ignore_result=True)
def mark(number):
    Path(f"mark-{number}").touch()

@app.task(name="slow")
def slow(request, exc, traceback):
    time.sleep(5)
    Path("slow-errback").write_text(f"{request.id} {exc.what}")
"""
)
MARKS = 20
REFUSED = 12
"""More than two processes prefetch."""


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_a_result_store_that_hangs_keeps_no_call_waiting(room: Room, pool: str, tmp_path: Path) -> None:
    serve_while_the_store_hangs(room, tmp_path, SOURCE, pool, "classic")


def test_on_a_quorum_queue_where_a_worker_has_no_more_room_no_call_waits_either(tmp_path: Path) -> None:
    with open_room("rabbitmq") as room:
        source = SOURCE + 'app.conf.task_default_queue_type = "quorum"\n'
        serve_while_the_store_hangs(room, tmp_path, source, "prefork", "quorum")


def serve_while_the_store_hangs(room: Room, folder: Path, source: str, pool: str, queue_type: str) -> None:
    """Have more calls refused than the worker prefetches, and see that others are served, and that the
    callers are told in the end."""
    with open_redis(folder) as (store, server):
        room = replace(room, backend=store)
        # A caller that would itself ask the store, of each call that it forgets, would hang as well.
        app = Celery("caller", broker=room.broker, set_as_current=False)
        app.conf.update(task_default_queue=room.name, task_default_queue_type=queue_type)
        asking = Celery("asking", broker=room.broker, backend=store, set_as_current=False)
        with run_service(folder, room, source, "-P", pool, "-c", "2"):
            first = app.send_task("add", (1, 2)).id
            wait_until(lambda: asking.backend.get_state(first) == "SUCCESS")
            server.send_signal(signal.SIGSTOP)
            try:
                refused = [f"{room.name}-{number}" for number in range(REFUSED)]
                for task_id in refused:
                    app.send_task("unknown", task_id=task_id)
                for number in range(MARKS):
                    app.send_task("mark", (number,), ignore_result=True)
                wait_until(lambda: len(list(folder.glob("mark-*"))) == MARKS)
                assert app.control.ping(timeout=2), "the worker's loop answers"
                with Quarantine(app, f"{room.name}.quarantine") as quarantine:
                    wait_until(lambda: len(quarantine.look()) == len(refused))
            finally:
                server.send_signal(signal.SIGCONT)
            wait_until(lambda: all(asking.backend.get_state(each) == "FAILURE" for each in refused))
            assert all(isinstance(asking.backend.get_result(each), UnknownTaskError) for each in refused)
        close_app(app)
        close_app(asking)


def test_a_worker_that_ends_says_whom_it_did_not_tell(redis_room: Room, tmp_path: Path) -> None:
    with open_redis(tmp_path) as (store, server):
        app = Celery("caller", broker=redis_room.broker, set_as_current=False)
        app.conf.task_default_queue = redis_room.name
        log = tmp_path / "worker.log"
        with run_service(tmp_path, replace(redis_room, backend=store), SOURCE) as worker:
            server.send_signal(signal.SIGSTOP)
            app.send_task("unknown", task_id="untold")
            wait_until(lambda: "kept in quarantine" in log.read_text())
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) == 0
        assert "who waits for unknown[untold] was not told before the worker ended" in log.read_text()
        close_app(app)


def test_an_errback_that_takes_its_time_runs_in_the_pool(room: Room, caller: Celery, tmp_path: Path) -> None:
    with run_service(tmp_path, room, SOURCE):
        refused = caller.send_task("unknown", link_error=caller.signature("slow"))
        with pytest.raises(UnknownTaskError):
            refused.get(timeout=10)
        for number in range(MARKS):
            caller.send_task("mark", (number,))
        wait_until(lambda: len(list(tmp_path.glob("mark-*"))) == MARKS)
        done = tmp_path / "slow-errback"
        assert not done.exists(), "it was not waited for"
        wait_until(lambda: done.exists() and done.read_text())
        assert done.read_text() == f"{refused.id} no worker code for the task 'unknown'"
