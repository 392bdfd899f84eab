"""A worker in a process of its own, as the verifier holds it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskcontract.errors import VerificationError
from taskcontract.verification.sandbox.log_reader import read_tail
from taskcontract.verification.states.worker_capabilities import capabilities_from_json
from taskcontract.verification.worker.launch import LaunchedProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taskcontract.model.contract import ProviderState
    from taskcontract.verification.sandbox.worker_settings import WorkerSettings
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities

__all__ = ["LiveWorker", "WorkerDiedError"]

WARM_SECONDS = 3.0
TERM_SECONDS = 1.0
COMMAND_SECONDS = 5.0


class WorkerDiedError(VerificationError):
    """The worker's process ended by itself; `tail` is the last that it said."""

    def __init__(self, what: str, tail: str) -> None:
        super().__init__(what)
        self.tail = tail


class LiveWorker:
    """Starts at once, in a process that is `launched` already or in a new one; `wait_until_ready` waits."""

    def __init__(self, settings: WorkerSettings, launched: LaunchedProcess | None = None) -> None:
        self.settings = settings
        self._lines = b""
        self._half_id = ""
        self._launched = launched or LaunchedProcess()
        self._process = self._launched.process
        self._commands, self._answers = self._launched.commands, self._launched.answers
        self._news = self._launched.news
        Path(settings.output_file).touch(mode=0o600)
        self._command({"settings": settings.to_json(), "environment": dict(os.environ)})

    @property
    def pid(self) -> int:
        """The process's id, which is its group's too."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def check_alive(self) -> None:
        """Raise a WorkerDiedError, with the last that it said, if the process has ended."""
        code = self._process.poll()
        if code is not None:
            raise WorkerDiedError(f"the worker died ({_spell_exit(code)})", read_tail(self.settings))

    def wait_until_ready(self, deadline: float) -> WorkerCapabilities:
        """Wait until the worker consumes; return what it serves.

        Raises a VerificationError when it dies or is too slow.
        """
        event = self._read_event(deadline)
        if event is None:
            raise VerificationError("the worker did not answer in time")
        if event["event"] == "failed":
            raise WorkerDiedError("the app cannot be imported and started", event["trace"])
        return capabilities_from_json(event["capabilities"])

    def set_up(self, scope: int, states: Sequence[ProviderState], held: str | None = None) -> None:
        """Have `states` brought about, one after another; an event of the same scope says how that went.

        The call with the id `held`, which was sent before its turn, runs then; not if one of them fails.
        """
        pairs = [(state.name, state.params) for state in states]
        self._command({"do": "set_up", "scope": scope, "states": pairs, "held": held})

    def finish(self, scope: int, *, check: bool) -> None:
        """Have the states of a scope checked, if asked to, and undone; an event says how that went."""
        self._command({"do": "finish", "scope": scope, "check": check})

    def wait(self, seconds: float) -> tuple[list[dict[str, Any]], list[str]]:
        """Return what the worker said within `seconds`: events, and ids of tasks whose result is stored.

        Returns at once when there is something; WorkerDiedError when the process ended.
        """
        readable, _, _ = select.select([self._answers, self._news], [], [], max(seconds, 0.0))
        if self._answers in readable:
            self._take(os.read(self._answers, 1 << 16))
        told = os.read(self._news, 1 << 16).decode() if self._news in readable else ""
        *ids, self._half_id = (self._half_id + told).split("\n")
        events = self._take_events()
        if not events and not ids:
            self.check_alive()
        return events, ids

    def read_rest(self) -> list[dict[str, Any]]:
        """Return the events that a dead worker left unread."""
        while select.select([self._answers], [], [], 0)[0] and (data := os.read(self._answers, 1 << 16)):
            self._lines += data
        return self._take_events()

    def stop(self, *, warm: bool = True, wake: Callable[[], None] | None = None) -> None:
        """End the process and its children, whatever state it is in: asked first if `warm`, then forced.

        `wake` is called once the worker was asked, to end its wait for messages.
        """
        try:
            if warm and self.alive:
                self._command({"do": "stop"})
                if wake is not None:
                    wake()
                self._wait(WARM_SECONDS)
            if warm and self.alive:
                # To the main process alone: its children's signal would disturb its own shutdown.
                self._process.terminate()
                self._wait(TERM_SECONDS)
        finally:
            self._launched.end()

    def _command(self, command: dict[str, Any]) -> None:
        data = f"{json.dumps(command)}\n".encode()
        deadline = time.monotonic() + COMMAND_SECONDS
        # What is not taken in time, or its reader's death, is reported where the answer is waited for.
        with suppress(BrokenPipeError):
            while data and (left := deadline - time.monotonic()) > 0:
                if select.select([], [self._commands], [], left)[1]:
                    data = data[os.write(self._commands, data[: select.PIPE_BUF]) :]

    def _read_event(self, deadline: float) -> dict[str, Any] | None:
        """Return the next answer, None after the deadline; raise WorkerDiedError if the process ended."""
        while (event := self._next_event()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            # Pool children may hold the pipe open when the worker is dead: so an open pipe proves nothing.
            readable, _, _ = select.select([self._answers], [], [], min(left, 0.1))
            if readable:
                self._take(os.read(self._answers, 1 << 16))
            else:
                self.check_alive()
        return event

    def _take(self, data: bytes) -> None:
        self._lines += data
        if not data:  # the worker has closed it: that is its end
            self._wait(TERM_SECONDS)
            self.check_alive()

    def _take_events(self) -> list[dict[str, Any]]:
        events = []
        while (event := self._next_event()) is not None:
            events.append(event)
        return events

    def _next_event(self) -> dict[str, Any] | None:
        if b"\n" not in self._lines:
            return None
        line, _, self._lines = self._lines.partition(b"\n")
        return dict(json.loads(line))

    def _wait(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)


def _spell_exit(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
