"""Why a worker does not start is said on its terminal and in its log file; a detached one has no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.celery_worker import ROOT
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live

SERVICE = """
from celery import Celery, bootsteps
from taskcontract import Provider, Service

shop = Service("shop", queue="shop")

@shop.task(version="1.0.0")
def sell(item: str) -> int: ...

app = Celery("shop", broker="memory://")
provider = Provider(app, shop)
"""
SERVES = "provider.implements(sell)(lambda item: 1)\n"
REFUSALS = {
    "a broken promise": (SERVICE, "sell@1.0.0 is declared but neither implemented nor adapted"),
    "a wrong entry of beat's": (
        f"{SERVICE}{SERVES}app.conf.beat_schedule = {{'often': {{'task': 'shop.sell', 'schedule': 1}}}}\n",
        "the entry 'often' calls shop.sell",
    ),
    "a consumer without the net": (
        f"{SERVICE}{SERVES}app.conf.worker_consumer = dict\n",
        "the safety net cannot go below the worker_consumer",
    ),
}


def start(folder: Path, service: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "service.py").write_text(service)
    return subprocess.run(
        [sys.executable, "-m", "celery", "-A", "service", "worker", "-P", "solo", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "TASKCONTRACT_USAGE": "off"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("service", "said"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_on_the_terminal_and_in_the_log_file(tmp_path: Path, service: str, said: str) -> None:
    log = tmp_path / "worker.log"
    ended = start(tmp_path, service, "--logfile", str(log))
    assert ended.returncode == 2
    assert ended.stderr.count(said) == 1
    assert log.read_text().count(said) == 1


def test_without_a_log_file_it_is_said_once(tmp_path: Path) -> None:
    service, said = REFUSALS["a broken promise"]
    ended = start(tmp_path, service)
    assert (ended.returncode, ended.stderr.count(said)) == (2, 1)


@pytest.mark.parametrize(("service", "said"), [*REFUSALS.values()][::2], ids=[*REFUSALS][::2])
def test_a_detached_worker_says_so_in_its_log_file(tmp_path: Path, service: str, said: str) -> None:
    log = tmp_path / "worker.log"
    pidfile = tmp_path / "worker.pid"
    start(tmp_path, service, "--detach", "--logfile", str(log), "--pidfile", str(pidfile))
    wait_until(lambda: said in log.read_text())
