"""The worker's end of the control pipe: states and the stop, and the end when the verifier is gone."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from taskcontract.verification.tracebacks import describe_exception

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.verification.sandbox import RunSandbox

__all__ = ["Control"]

ORPHAN_SECONDS = 2.0
"""How long a worker whose verifier died may take to finish what it runs."""


class Control:
    """Reads commands, one JSON object a line, and answers likewise; runs in a thread of its own.

    When the pipe ends, the verifier is dead: the worker is stopped, the room cleaned, and the whole
    process group killed, so that nothing stays behind.
    """

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = os.fdopen(commands, encoding="utf-8")
        self._answers = os.fdopen(answers, "w", encoding="utf-8")
        self._thread = threading.Thread(target=self._serve, name="taskcontract-control", daemon=True)
        self._finished = threading.Event()
        self._orphaned = threading.Event()
        self._room: RunSandbox | None = None
        self.stop: Callable[[], None] | None = None
        """Makes the worker stop by itself; None before there is one."""
        self.states: Any = None
        """Sets up and tears down provider states; None before the app is imported."""

    def read(self) -> Any:
        """The next command; None when the pipe has ended."""
        line = self._commands.readline()
        return json.loads(line) if line.endswith("\n") else None

    def start(self, room: RunSandbox) -> None:
        """Serve commands from now on; `room` is cleaned if the verifier dies."""
        self._room = room
        self._thread.start()

    def answer(self, **event: Any) -> None:
        """Send one event to the verifier; a dead verifier gets none."""
        try:
            self._answers.write(f"{json.dumps(event)}\n")
            self._answers.flush()
        except BrokenPipeError:
            self._orphaned.set()

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
                self._run_state(command)
        self._orphaned.set()
        self._end_orphan()

    def _run_state(self, command: dict[str, Any]) -> None:
        try:
            if command["do"] == "set_up":
                self.states.set_up(command["name"], command["params"])
            else:
                self.states.tear_down()
        except BaseException as error:  # a state is the provider's code: whatever it raises is reported
            self.answer(
                event="done", error=str(error) or type(error).__name__, trace=describe_exception(error)
            )
        else:
            self.answer(event="done", error=None, trace="")

    def _end_orphan(self) -> None:
        if self.stop:
            self.stop()
            self._finished.wait(ORPHAN_SECONDS)
        if self._room:
            self._room.close()
        os.killpg(os.getpgrp(), signal.SIGKILL)
