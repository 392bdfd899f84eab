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

__all__ = ["COMMAND", "ROOT", "run_worker"]

ROOT = Path(__file__).parents[1]
COMMAND = ("celery", "-A", "pusher", "worker", "-Q", "pusher", "--loglevel=info")
START_SECONDS = 30
STOP_SECONDS = 20


@contextlib.contextmanager
def run_worker(
    broker: str, environment: Mapping[str, str], log: Path, *, options: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Give pusher's worker, ready, with `broker` for messages and results; stopped behind the block.

    `log` is appended to; a RuntimeError carries it where the worker does not start.
    """
    addresses = {"CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": broker}
    seen = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        worker = subprocess.Popen(  # noqa: S603 - the command above
            [sys.executable, "-m", *COMMAND, *options],
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
    deadline = time.monotonic() + START_SECONDS
    while b" ready." not in log.read_bytes()[seen:]:
        if worker.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"pusher's worker did not start:\n{log.read_text()}")
        time.sleep(0.02)


def _stop(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
        raise
