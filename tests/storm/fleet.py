"""The workers of the service, as a deployment runs them: started, drained, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Fleet"]

ROOT = Path(__file__).parents[2]
DRAIN = 40.0
"""Seconds for a warm shutdown before a deployment loses patience."""


class Fleet:
    """Workers of one side (`bare`, `kept`) in one folder, by name."""

    def __init__(self, side: str, folder: Path, environment: Mapping[str, str]) -> None:
        self._side = side
        self._folder = folder
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self._running: dict[str, tuple[str, subprocess.Popen[bytes]]] = {}
        self._count = 0
        self.crashed: list[str] = []
        self.stuck: list[str] = []

    def change_to(self, *ages: str) -> None:
        """Run exactly these (`old`, `new`): new ones are up before others are drained."""
        self.tend()
        wanted = list(ages)
        leaving = []
        for name, (age, _) in self._running.items():
            if age in wanted:
                wanted.remove(age)
            else:
                leaving.append(name)
        self._wait_until_ready([self._start(age) for age in wanted])
        self._drain(leaving)

    def kill(self, age: str) -> None:
        """Kill one worker with its pool, as the kernel or a node's failure does; another takes its place."""
        name = next(name for name, (its_age, _) in self._running.items() if its_age == age)
        _, process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        self._start(age)

    def tend(self) -> None:
        """Start again what has ended by itself, as any service manager does."""
        for name, (age, process) in list(self._running.items()):
            if process.poll() is not None:
                self._note_crash(name, process)
                del self._running[name]
                self._start(age)

    def stop(self) -> None:
        """Drain all."""
        self._drain(list(self._running))

    def _start(self, age: str) -> str:
        self._count += 1
        name = f"{age}-{self._count}"
        app = f"tests.storm.apps.{self._side}_{age}"
        command = f"-m celery -A {app} worker -Q storm -c 2 -n {name}@storm --loglevel=info"
        quick = "--without-mingle --without-gossip"
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command.split(), *quick.split()],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running[name] = (age, process)
        return name

    def _wait_until_ready(self, names: list[str]) -> None:
        deadline = time.monotonic() + 60
        for name in names:
            log = self._folder / f"{name}.log"
            while b" ready." not in log.read_bytes():
                if self._running[name][1].poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the worker {name} did not start: {log.read_text()[-2000:]}")
                time.sleep(0.05)

    def _note_crash(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.crashed.append(f"{name} (exit code {process.returncode})")

    def _drain(self, names: list[str]) -> None:
        leaving = [(name, self._running.pop(name)[1]) for name in names]
        for name, process in leaving:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            else:
                self._note_crash(name, process)
        deadline = time.monotonic() + DRAIN
        for name, process in leaving:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.stuck.append(name)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
