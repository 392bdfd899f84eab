"""Keeps one worker ready: starts it, waits for its first answer, and replaces a dead or hanging one."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from taskcontract.errors import BrokerError, TaskContractError, VerificationError
from taskcontract.verification.sandbox.log_reader import read_tail
from taskcontract.verification.sandbox.worker_settings import make_settings
from taskcontract.verification.worker.live_worker import LiveWorker, WorkerDiedError
from taskcontract.verification.worker.stacks import read_stack

if TYPE_CHECKING:
    from taskcontract.model.config import Config
    from taskcontract.verification.calls.caller import Caller
    from taskcontract.verification.sandbox.sandbox import RunSandbox
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.worker.launch import LaunchedProcess

__all__ = ["PING_QUEUE", "WorkerGoneError", "WorkerStartError", "WorkerSupervisor"]

PING, PING_QUEUE = "taskcontract.ping", "ping"
MOST_RESTARTS = 5
LOOK_AGAIN = 0.1


class WorkerStartError(VerificationError):
    """The worker did not start; `trace` is the last that it said."""

    def __init__(self, what: str, *, trace: str, do: str) -> None:
        super().__init__(what, do=do)
        self.trace = trace

    def __str__(self) -> str:
        return "\n\n".join(part for part in (super().__str__(), self.trace) if part)


class WorkerGoneError(VerificationError):
    """The worker died or hung so often that it is not started again."""


class WorkerSupervisor:
    """The one worker of a run, and those that took its place."""

    def __init__(self, config: Config, sandbox: RunSandbox, launched: LaunchedProcess | None = None) -> None:
        self._launched = launched
        self._config = config
        self._sandbox = sandbox
        self._caller: Caller | None = None
        self._failure: TaskContractError | None = None
        self._generation = 0
        self._started = 0.0
        self._spoilt = False
        self._capabilities: WorkerCapabilities | None = None
        self.worker: LiveWorker | None = None
        """The current process, ready or not."""

    def start(self) -> None:
        """Start the worker without waiting for it."""
        self._generation += 1
        self._started = time.monotonic()
        self._capabilities = None
        self._spoilt = False
        launched, self._launched = self._launched, None
        if launched is not None and not launched.fits:
            launched.end()
            launched = None
        settings = make_settings(self._config, self._sandbox, self._generation)
        self.worker = LiveWorker(settings, launched)

    def spoil(self) -> None:
        """Say that the worker hangs: the next use gets another one."""
        self._spoilt = True

    def use(self) -> tuple[LiveWorker, WorkerCapabilities]:
        """Return a worker that answers, and what it serves.

        Raises WorkerStartError if it does not start (each time, with the first one's reason), BrokerError
        if the broker refuses, WorkerGoneError after five replacements.
        """
        if self._failure is not None:
            raise self._failure
        if self.worker is None:
            self.start()
        elif self._spoilt or (self._capabilities is not None and not self.worker.alive):
            self._replace(self.worker)
        assert self.worker is not None
        if self._capabilities is None:
            try:
                self._capabilities = self._await_answer(self.worker)
            except BrokerError as error:
                self._failure = error
                raise
            except VerificationError as error:
                self._failure = self._explain(error, self.worker)
                raise self._failure from None
        return self.worker, self._capabilities

    def version_of(self, provider: str) -> str:
        """Return the version of a service that the worker serves; empty where that is unknown."""
        return self._capabilities.versions.get(provider, "") if self._capabilities else ""

    @property
    def caller(self) -> Caller:
        """The verifier's own connection to the broker, made at the first use."""
        if self._caller is None:
            from taskcontract.verification.calls.caller import Caller, servers_of

            self._caller = Caller(servers_of(self._sandbox))
        return self._caller

    def stop(self, *, warm: bool) -> None:
        """End the worker, whatever state it is in, and let go of the broker; `warm` if it is idle."""
        try:
            if self._launched is not None:
                self._launched.end()
                self._launched = None
            if self.worker is not None:
                warm = warm and self._capabilities is not None and not self._spoilt
                self.worker.stop(warm=warm, wake=self._wake)
        finally:
            self.worker = None
            caller, self._caller = self._caller, None
            if caller is not None:
                caller.close()

    def _replace(self, worker: LiveWorker) -> None:
        if self._generation > MOST_RESTARTS:
            raise WorkerGoneError(
                f"the worker died or hung {self._generation} times in this run: it is not started again",
                do="Fix the interactions above first.",
            )
        self.worker = None
        worker.stop(warm=False)
        self.start()

    def _await_answer(self, worker: LiveWorker) -> WorkerCapabilities:
        """Wait for a round trip through broker, worker and result store, sent before the worker is up."""
        deadline = self._started + self._config.startup_timeout
        task_id = self.caller.send(PING, (), {}, queue=PING_QUEUE, run=worker.settings.run)
        capabilities = worker.wait_until_ready(deadline)
        while not self.caller.read([task_id]):
            worker.wait(LOOK_AGAIN)
            if time.monotonic() > deadline:
                raise VerificationError("the worker started but its first result did not arrive in time")
        return capabilities

    def _explain(self, error: VerificationError, worker: LiveWorker) -> WorkerStartError:
        app = self._config.app
        if isinstance(error, WorkerDiedError):
            return WorkerStartError(
                f"the worker of {app!r} did not start: {error.what}",
                trace=error.tail,
                do=f"`celery -A {app} worker`, in {worker.settings.root}, must start.",
            )
        stack = read_stack(worker)
        return WorkerStartError(
            f"the worker of {app!r} did not answer within {self._config.startup_timeout:g} s",
            trace=stack or read_tail(worker.settings),
            do="Look at where it hangs, or raise startup_timeout in [tool.taskcontract].",
        )

    def _wake(self) -> None:
        """Send a message, which ends the worker's wait for one: on Redis that lasts a second."""
        if self._caller is None or self.worker is None:
            return
        with suppress(BrokerError):  # the broker may be why the run ends
            self._caller.send(PING, (), {}, queue=PING_QUEUE, run=self.worker.settings.run)
