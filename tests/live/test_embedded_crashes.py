"""What becomes of messages, workers and callers on the embedded broker when something ends badly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from celery import Celery
from celery.exceptions import TimeoutError as ResultTimeoutError

from taskcontract import embedded
from tests.support.celery_worker import QUICK, ROOT, run_celery_worker, stop
from tests.support.closing import close_app
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

APP = """
import os, time
from pathlib import Path
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain", broker=os.environ["PLACE"], backend=os.environ["PLACE"])
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=4)

@app.task(name="hang_at_first", bind=True)
def hang_at_first(self, number):
    if not self.request.delivery_info["redelivered"]:
        Path("running").touch()
        time.sleep(60)
    return number

@app.task(name="nap")
def nap(seconds):
    Path("running").touch()
    time.sleep(seconds)
    return seconds
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "plain.py").write_text(APP)
    return tmp_path


@pytest.fixture
def caller(place: Path) -> Iterator[Celery]:
    embedded.register()
    url = embedded.write_url(place / "broker")
    app = Celery("caller", broker=url, backend=url, set_as_current=False)
    yield app
    close_app(app)


def run(caller: Celery, place: Path, *options: str) -> Any:
    chosen = options or ("-P", "threads", "-c", "1")
    return run_celery_worker("plain", place, "celery", *chosen, environment={"PLACE": caller.conf.broker_url})


@contextmanager
def kill_with_children(worker: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a worker as a system out of memory does; the processes of its pool may outlive it in the block."""
    children = psutil.Process(worker.pid).children(recursive=True)
    worker.kill()
    worker.wait(10)
    try:
        yield
    finally:
        for child in children:
            if child.is_running():
                child.kill()


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_messages_of_a_killed_worker_go_to_another(caller: Celery, place: Path, pool: str) -> None:
    with run(caller, place, "-P", pool, "-c", "1") as first:
        results = [caller.send_task("hang_at_first", (number,)) for number in range(4)]
        wait_until((place / "running").exists)
        wait_until(lambda: not list((place / "broker" / "queues" / "celery").iterdir()))
        with kill_with_children(first), run(caller, place):
            assert [result.get(timeout=20) for result in results] == [0, 1, 2, 3]


def test_a_stopped_worker_gives_back_what_it_did_not_begin(caller: Celery, place: Path) -> None:
    with run(caller, place) as worker:
        running = caller.send_task("nap", (1,))
        wait_until((place / "running").exists)
        waiting = [caller.send_task("nap", (0,)) for _ in range(3)]
        wait_until(lambda: not list((place / "broker" / "queues" / "celery").iterdir()))
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)
    assert running.get(timeout=1) == 1
    begun = sum(result.ready() for result in waiting)
    assert len(list((place / "broker" / "queues" / "celery").iterdir())) == 3 - begun
    assert list((place / "broker" / "claims").iterdir()) == []
    with run(caller, place):
        assert [result.get(timeout=20) for result in waiting] == [0, 0, 0]


def test_a_full_pool_leaves_the_worker_responsive(caller: Celery, place: Path) -> None:
    """Kombu's virtual transports block the worker until a process of its pool is free."""
    with run(caller, place, "-P", "prefork", "-c", "1"):
        napping = [caller.send_task("nap", (1,)) for _ in range(2)]
        wait_until((place / "running").exists)
        [answer] = caller.control.ping(timeout=5, limit=1) or []
        assert list(answer.values()) == [{"ok": "pong"}]
        assert napping[1].state == "PENDING"
        assert [result.get(timeout=10) for result in napping] == [1, 1]


def test_an_idle_worker_stops(caller: Celery, place: Path) -> None:
    with run(caller, place) as worker:
        stop(worker)
    assert worker.returncode == 0


def test_a_worker_survives_the_loss_of_its_folder(caller: Celery, place: Path) -> None:
    with run(caller, place) as worker:
        assert caller.send_task("nap", (0,)).get(timeout=10) == 0
        (place / "broker").rename(place / "gone")
        wait_until((place / "broker" / "queues" / "celery").exists)
        assert caller.send_task("nap", (0.01,)).get(timeout=10) == 0.01
        [answer] = caller.control.ping(timeout=5, limit=1) or []
        assert list(answer.values()) == [{"ok": "pong"}]
        assert worker.poll() is None
    assert "Traceback" not in (place / "worker.log").read_text()


def test_a_worker_waits_for_a_folder_that_refuses(caller: Celery, place: Path) -> None:
    """It says so, without a traceback, neither spins nor hangs, and goes on when the folder is back."""
    log = place / "worker.log"
    with run(caller, place) as worker:
        (place / "broker").rename(place / "gone")
        (place / "broker").write_text("in the way")
        wait_until(lambda: "lost its folder" in log.read_text() and "Trying again in" in log.read_text())
        spent = sum(psutil.Process(worker.pid).cpu_times()[:2])
        time.sleep(0.5)
        assert sum(psutil.Process(worker.pid).cpu_times()[:2]) - spent < 0.2
        (place / "broker").unlink()
        with pytest.raises(ResultTimeoutError):
            caller.send_task("nap", (0,)).get(timeout=0)
        assert caller.send_task("nap", (0,)).get(timeout=20) == 0
    assert "Traceback" not in log.read_text()


COMMANDS = [("worker", "-P", "solo", *QUICK), ("purge", "--force"), ("call", "nap")]


def run_refused(place: Path, folder: Path, command: tuple[str, ...]) -> str:
    """What Celery's command says on stderr, which is refused a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "plain", *command],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PLACE": embedded.write_url(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("the embedded broker cannot use this folder") == 1
    return done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_cannot_serve_is_one_message_of_celerys_command(
    place: Path, command: tuple[str, ...]
) -> None:
    (place / "broker").write_text("in the way")
    said = run_refused(place, place / "broker" / "folder", command)
    assert f"{place}/broker" in said
    assert "Not a directory" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_for_all_is_one_message_of_celerys_command(place: Path, command: tuple[str, ...]) -> None:
    (place / "broker").mkdir()
    (place / "broker").chmod(0o777)
    said = run_refused(place, place / "broker", command)
    assert f"{place}/broker: " in said
    assert "other users may write to it" in said
    assert f"chmod -R go-rwx {place}/broker" in said
