"""In the worker's process: the verifier's commands (states, stop), and the end when the verifier is gone."""

from __future__ import annotations

import json
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.verification.sandbox.sandbox import RunSandbox

__all__ = ["Control", "Stopper"]

ORPHAN_SECONDS = 2.0
"""How long a worker whose verifier died may take to finish what it runs."""


class Control:
    """Reads commands, one JSON object a line, and answers likewise; runs in a thread of its own.

    When the pipe ends, the verifier is dead: the worker is stopped, the sandbox cleaned, and the whole
    process group killed, so that nothing stays behind.
    """

    def __init__(self, commands: int, answers: int, news: int) -> None:
        self._news = news
        os.set_blocking(news, False)
        self._commands = os.fdopen(commands, encoding="utf-8")
        self._answers = os.fdopen(answers, "w", encoding="utf-8")
        self._thread = threading.Thread(target=self._serve, name="taskcontract-control", daemon=True)
        self._finished = threading.Event()
        self._orphaned = threading.Event()
        self._sandbox: RunSandbox | None = None
        self.stop: Callable[[], None] | None = None
        """Makes the worker stop by itself; None before there is one."""
        self.states: Any = None
        """Sets up and tears down provider states; None before the app is imported."""
        self.gate: Any = None
        """Lets a call through that is held until its states are set up; None before the app is imported."""

    def read(self) -> Any:
        """Return the next command; None when the pipe has ended."""
        line = self._commands.readline()
        return json.loads(line) if line.endswith("\n") else None

    def start(self, sandbox: RunSandbox) -> None:
        """Serve commands from now on; `sandbox` is cleaned if the verifier dies."""
        self._sandbox = sandbox
        self._thread.start()

    def answer(self, **event: Any) -> None:
        """Send one event to the verifier; a dead verifier gets none."""
        try:
            self._answers.write(f"{json.dumps(event)}\n")
            self._answers.flush()
        except BrokenPipeError:
            self._orphaned.set()

    def tell(self, task_id: str) -> None:
        """Say that a task's final result is stored; also from a thread or a child of the pool.

        A line is short enough to be written whole. One that finds the pipe full is left out: the verifier
        looks for what it was not told of, too.
        """
        with suppress(OSError):
            os.write(self._news, f"{task_id}\n".encode())

    def finish(self) -> None:
        """Say that the worker has stopped; does not return when the verifier is dead."""
        self._finished.set()
        if self._orphaned.is_set():
            self._thread.join()

    def _serve(self) -> None:
        while (command := self.read()) is not None:
            if command["do"] == "stop":
                if self.stop:
                    self.stop()
            else:
                self._run_states(command)
        self._orphaned.set()
        self._end_orphan()

    def _run_states(self, command: dict[str, Any]) -> None:
        scope = command["scope"]
        if command["do"] == "set_up":
            entries = self.states.set_up(scope, command["states"])
        else:
            entries = self.states.finish(scope, check=command["check"])
        self.answer(event="states", scope=scope, entries=entries)
        if command.get("held"):  # said first: else the verifier might be told of its result before
            self.gate.decide(command["held"], run=all(entry["error"] is None for entry in entries))

    def _end_orphan(self) -> None:
        if self.stop:
            self.stop()
            self._finished.wait(ORPHAN_SECONDS)
        if self._sandbox:
            self._sandbox.close()
        os.killpg(os.getpgrp(), signal.SIGKILL)


class Stopper:
    """Stops this process's worker from any thread, without waiting for the next message.

    A pipe wakes the worker's event loop.
    """

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()

    def watch(self, consumer: Any) -> None:
        """Wake `consumer`'s event loop on a stop; transports without one poll often enough."""
        if consumer.hub is not None:
            consumer.hub.add_reader(self._read_end, os.read, self._read_end, 1)

    def stop(self) -> None:
        """Let the worker finish what it runs, and end."""
        from celery.worker import state

        flags: Any = state
        flags.should_stop = 0
        os.write(self._write_end, b".")
