"""pusher's worker as a process of its own, started with Celery's own command."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
QUICK = ("--pool=threads", "--concurrency=2", "--without-mingle", "--without-gossip", "--without-heartbeat")


@contextlib.contextmanager
def run_worker(
    broker: str, environment: Mapping[str, str], log: Path, options: tuple[str, ...] = QUICK
) -> Iterator[subprocess.Popen[bytes]]:
    """Give pusher's worker, ready, on `broker` for messages and results; stopped behind the block."""
    command = [sys.executable, "-m", "celery", "-A", "pusher", "worker", "-Q", "pusher", "--loglevel=info"]
    addresses = {"CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": broker}
    seen = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        worker = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, **addresses, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(worker, log, seen)
        yield worker
    finally:
        _stop(worker)


def _wait_until_ready(worker: subprocess.Popen[bytes], log: Path, seen: int) -> None:
    deadline = time.monotonic() + 30
    while b" ready." not in log.read_bytes()[seen:]:
        assert worker.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)


def _stop(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(20)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait(5)
        raise
