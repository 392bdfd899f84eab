"""The worker in the gauntlet as a process group: started, killed, and how much memory it takes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.storm.apps.settings import QUEUE

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Worker"]

ROOT = Path(__file__).parents[2]


class Worker:
    """A worker of `tests.gauntlet.service` with one kind of pool; its log is in `folder`."""

    def __init__(self, pool: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.log = folder / "worker.log"
        seen = self.log.stat().st_size if self.log.exists() else 0
        options = (
            f"-Q {QUEUE} -P {pool} -c 2 -n gauntlet@local --loglevel=info --without-mingle --without-gossip"
        )
        command = [sys.executable, "-m", "celery", "-A", "tests.gauntlet.service", "worker", *options.split()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while b" ready." not in self.log.read_bytes()[seen:]:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the worker did not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def measure(self, field: str = "VmRSS") -> int:
        """The memory of its main process in MB, now (`VmRSS`) or at its most (`VmHWM`); 0 if unknown."""
        status = Path(f"/proc/{self.process.pid}/status")
        if self.process.poll() is not None or not status.exists():
            return 0
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines[field].split()[0]) // 1024

    def kill(self) -> None:
        """End it with its pool, at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """End it as a service manager does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
