"""The embedded broker's folder is away, or refuses, for a while: what its worker had claimed is served."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract import embedded
from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

APP = """
import os, time
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain", broker=os.environ["PLACE"], backend=os.environ["PLACE"])
app.conf.update(task_acks_late=os.environ["LATE"] == "late", worker_prefetch_multiplier=5)

@app.task(name="nap", ignore_result=True)
def nap(number):
    with open("served.txt", "a") as served:
        served.write(f"{number}\\n")
    time.sleep(0.05)
"""
CALLS = 20


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    (tmp_path / "plain.py").write_text(APP)
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "disk").symlink_to("real")
    return tmp_path / "disk"


@pytest.fixture
def caller(disk: Path) -> Iterator[Celery]:
    embedded.register()
    app = Celery("caller", broker=embedded.write_url(disk / "broker"), set_as_current=False)
    yield app
    close_app(app)


@contextmanager
def something_in_its_place(disk: Path) -> Iterator[None]:
    (disk / "broker").rename(disk / "gone")
    (disk / "broker").write_text("in the way")
    yield
    (disk / "broker").unlink()
    (disk / "gone").rename(disk / "broker")


@contextmanager
def disk_unmounted(disk: Path) -> Iterator[None]:
    disk.unlink()
    disk.symlink_to("nowhere")
    yield
    disk.unlink()
    disk.symlink_to("real")


@contextmanager
def writing_refused(disk: Path) -> Iterator[None]:
    places = [path for path in (disk / "broker").rglob("*") if path.is_dir()]
    for path in places:
        path.chmod(0o500)
    yield
    for path in places:
        path.chmod(0o700)


@pytest.mark.parametrize(
    ("away", "late"),
    [
        (something_in_its_place, "late"),
        (disk_unmounted, "early"),
        (writing_refused, "late"),
        (writing_refused, "early"),
    ],
)
def test_what_was_claimed_is_served_when_the_folder_is_back(
    caller: Celery, disk: Path, away: Callable[[Path], AbstractContextManager[object]], late: str
) -> None:
    # Root may write wherever it likes, unless it is told not to.
    obedient = ("setpriv", "--inh-caps=-all", "--bounding-set=-all") if os.geteuid() == 0 else ()
    if away is writing_refused and obedient and not shutil.which("setpriv"):
        pytest.skip("root needs setpriv to be refused")
    place = disk.parent
    log, served = place / "worker.log", place / "served.txt"
    with run_celery_worker(
        "plain",
        place,
        "celery",
        *("-P", "threads", "-c", "1"),
        environment={"PLACE": caller.conf.broker_url, "LATE": late},
        under=obedient,
    ) as worker:
        for number in range(CALLS):
            caller.send_task("nap", (number,))
        wait_until(lambda: served.exists() and len(served.read_text().split()) >= 3)
        with away(disk):
            wait_until(lambda: "lost its folder" in log.read_text() and "Trying again in" in log.read_text())
        wait_until(lambda: set(served.read_text().split()) == set(map(str, range(CALLS))))
        wait_until(lambda: not list((disk / "broker/claims").glob("*/*/*")))
        assert not list((disk / "broker/queues/celery").iterdir())
        assert worker.poll() is None
    assert "Traceback" not in log.read_text()
