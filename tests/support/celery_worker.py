"""Any app's worker as a process of its own, started with Celery's own command."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["QUICK", "ROOT", "run_celery_worker", "stop"]

ROOT = Path(__file__).parents[2]
QUICK = ("--without-mingle", "--without-gossip", "--without-heartbeat")


@contextlib.contextmanager
def run_celery_worker(
    app: str,
    folder: Path,
    queue: str,
    *options: str,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    under: Sequence[str] = (),
    quick: Sequence[str] = QUICK,
) -> Iterator[subprocess.Popen[bytes]]:
    """Give the worker of `app` (as for `celery -A`, found in `folder`), ready on `queue`.

    It is stopped behind the block. Its output is appended to `log` (default: `worker.log` in `folder`).
    `under` is a command that runs it, such as one that takes its privileges; `quick` leaves out what takes
    time at the start, such as hearing of other workers.
    """
    log = log or folder / "worker.log"
    seen = log.stat().st_size if log.exists() else 0
    command = [sys.executable, "-m", "celery", "-A", app, "worker", "-Q", queue, "--loglevel=info", *quick]
    # RabbitMQ gives a node's control queue to one worker alone, whoever else's tests run there.
    command.append(f"--hostname=test-{uuid4().hex[:8]}@%h")
    with log.open("ab") as output:
        worker = subprocess.Popen(
            [*under, *command, *options],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TASKCONTRACT_USAGE": "off", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(worker, log, seen)
        yield worker
    finally:
        stop(worker)


def stop(worker: subprocess.Popen[bytes]) -> None:
    """End the worker through its main process; a hang is killed and fails the test."""
    if worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(60)  # Celery's own shutdown of a prefork pool takes half a minute now and then
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait(5)
        raise


def _wait_until_ready(worker: subprocess.Popen[bytes], log: Path, seen: int) -> None:
    def is_ready() -> bool:
        assert worker.poll() is None, log.read_text()
        return b" ready." in log.read_bytes()[seen:]

    wait_until(is_ready, 60, every=0.02)
