"""A worker in a process of its own, as the verifier holds it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskcontract.errors import VerificationError
from taskcontract.verification.log_reader import read_tail
from taskcontract.verification.worker_capabilities import capabilities_from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.contract import ProviderState
    from taskcontract.verification.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.worker_settings import WorkerSettings

__all__ = ["LiveWorker", "WorkerDiedError", "WorkerStateError"]

WARM_SECONDS = 3.0
TERM_SECONDS = 1.0


class WorkerDiedError(VerificationError):
    """The worker's process ended by itself; `tail` is the last that it said."""

    def __init__(self, what: str, tail: str) -> None:
        super().__init__(what)
        self.tail = tail


class WorkerStateError(VerificationError):
    """A provider state raised; `trace` is its traceback."""

    def __init__(self, what: str, trace: str) -> None:
        super().__init__(what)
        self.trace = trace


class LiveWorker:
    """Starts at once, without waiting; `wait_until_ready` waits.

    The process leads a group of its own, so that Ctrl-C reaches only the verifier and a kill reaches
    the pool's children too.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        self.settings = settings
        self._lines = b""
        command_end, self._commands = os.pipe()
        self._answers, answer_end = os.pipe()
        try:
            with Path(settings.output_file).open("ab") as output:
                self._process = subprocess.Popen(  # noqa: S603
                    [
                        sys.executable,
                        "-m",
                        f"{__package__}.worker_process",
                        str(command_end),
                        str(answer_end),
                    ],
                    cwd=settings.root,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=(command_end, answer_end),
                    start_new_session=True,
                )
        finally:
            os.close(command_end)
            os.close(answer_end)
        self._command(settings.to_json())

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

    def set_up(self, state: ProviderState, seconds: float) -> None:
        """Bring about a provider state; VerificationError with the provider's own error."""
        self._run_state({"do": "set_up", "name": state.name, "params": state.params}, seconds)

    def tear_down(self, seconds: float) -> None:
        """Undo every state that is set up; VerificationError with the provider's own error."""
        self._run_state({"do": "tear_down"}, seconds)

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
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
            os.close(self._commands)
            os.close(self._answers)

    def _run_state(self, command: dict[str, Any], seconds: float) -> None:
        self._command(command)
        event = self._read_event(time.monotonic() + seconds)
        if event is None:
            raise VerificationError(f"it took longer than {seconds:g} s")
        if event["error"] is not None:
            raise WorkerStateError(event["error"], event["trace"])

    def _command(self, command: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):  # its death is reported where the answer is read
            os.write(self._commands, f"{json.dumps(command)}\n".encode())

    def _read_event(self, deadline: float) -> dict[str, Any] | None:
        """Return the next answer, None after the deadline; raise WorkerDiedError if the process ended."""
        while b"\n" not in self._lines:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            # Pool children may hold the pipe open when the worker is dead: so an open pipe proves nothing.
            readable, _, _ = select.select([self._answers], [], [], min(left, 0.1))
            data = os.read(self._answers, 1 << 16) if readable else b""
            self._lines += data
            if not data:
                if readable:
                    self._wait(TERM_SECONDS)
                self.check_alive()
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
