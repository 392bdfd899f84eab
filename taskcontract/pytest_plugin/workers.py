"""The workers of one run: one for each app, all at once, and which of them a contract is replayed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import VerificationError
from taskcontract.reporting.escape import tame_line
from taskcontract.verification.sandbox.run_servers import scheme_of
from taskcontract.verification.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taskcontract.model.config import Config
    from taskcontract.verification.described import DescribedTask
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.pending import PendingBook
    from taskcontract.verification.running.verifier import RunningVerifier
    from taskcontract.verification.ticket import Ticket
    from taskcontract.verification.worker.launch import LaunchedProcess

    AnyVerifier = Verifier | RunningVerifier

__all__ = ["Workers", "describe"]

OF_A_WORKER = (
    "app", "bindings", "broker", "backend", "live", "pool", "concurrency", "states", "startup_timeout",
    "timeout",
)  # fmt: skip
"""Services that agree in these are served by one worker."""


class Workers:
    """The verifiers of the services that `parts` configure, in their order.

    A process that is `launched` already becomes the first worker that is to be started.
    """

    def __init__(self, parts: Sequence[Config], launched: LaunchedProcess | None = None) -> None:
        self._launched = launched
        self._verifiers: dict[tuple[Any, ...], AnyVerifier] = {}
        self._parts: list[tuple[Config, AnyVerifier]] = []
        self._serving: dict[str, AnyVerifier] = {}
        try:
            for part in parts:
                key = tuple(getattr(part, name) for name in OF_A_WORKER)
                if key not in self._verifiers:
                    self._verifiers[key] = self._make(part)
                self._parts.append((part, self._verifiers[key]))
        except BaseException:
            self.stop()
            raise

    def _make(self, part: Config) -> AnyVerifier:
        verifier: AnyVerifier
        if part.live is None:
            launched, self._launched = self._launched, None
            verifier = Verifier(part, launched=launched)
        else:
            from taskcontract.verification.running.verifier import RunningVerifier

            verifier = RunningVerifier(part)
        if self._verifiers:  # one file says what has passed, whichever worker it was
            verifier.pending = self.pending
        return verifier

    @property
    def pending(self) -> PendingBook:
        """What has never passed, of all services."""
        return next(iter(self._verifiers.values())).pending

    def start(self) -> None:
        """Start every worker without waiting for it."""
        try:
            for verifier in self._verifiers.values():
                verifier.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop every worker and remove all that the run left; raises what the last failure to do so was."""
        failure: Exception | None = None
        for verifier in self._verifiers.values():
            try:
                verifier.stop()
            except Exception as error:  # the others are to be stopped all the same
                failure = error
        if failure is not None:
            raise failure

    def describe(self) -> Iterator[str]:
        """Yield a line for each worker that is started, and some for those that ran already."""
        told = set()
        for part, verifier in self._parts:
            if verifier not in told:
                told.add(verifier)
                if isinstance(verifier, Verifier):
                    yield describe(part, f"worker pid {verifier.pid}")
                else:
                    lead = f"taskcontract: {part.name}: " if part.name else "taskcontract: "
                    yield from (lead + tame_line(line) for line in verifier.describe())

    def find(self, provider: str) -> AnyVerifier | None:
        """Return the verifier whose worker serves `provider`; None where none of the workers does.

        Waits for the workers' answers, first that of the service whose table is called so. A worker whose
        bindings are not known is taken to serve anything. A WorkerStartError where one does not start.
        """
        if provider not in self._serving:
            for _, verifier in sorted(self._parts, key=lambda pair: pair[0].name != provider):
                services = verifier.wait().services
                if not services or provider in services:
                    self._serving[provider] = verifier
                    break
        return self._serving.get(provider)

    def list_services(self) -> list[str]:
        """Return the names of all services that the workers serve."""
        return [name for verifier in self._verifiers.values() for name in verifier.wait().services]

    def list_tasks(self) -> Iterator[tuple[Verifier, DescribedTask]]:
        """Yield each version of each task with the verifier whose worker serves it.

        A VerificationError for workers that run already: what is made up is for none of those.
        """
        for verifier in self._verifiers.values():
            if not isinstance(verifier, Verifier):
                raise VerificationError(
                    "calls that are made up are not sent to workers that run already",
                    do="Leave out --taskcontract-examples, or `live`: a worker is then started for the run.",
                )
            yield from ((verifier, task) for task in verifier.describe())

    def plan(self, tickets: Iterable[Ticket]) -> None:
        """Tell each worker's verifier what it will replay, and in which order."""
        chosen: dict[AnyVerifier, list[Ticket]] = {}
        for ticket in tickets:
            chosen.setdefault(self._serving[ticket.provider], []).append(ticket)
        for verifier, its in chosen.items():
            verifier.plan(its)

    def replay(self, ticket: Ticket, then: Ticket | None = None) -> Outcome:
        """Replay one interaction on the worker that serves it, and `then` at once behind it."""
        return self._serving[ticket.provider].replay(ticket, then)

    def add_logs(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Return the outcomes with what the workers that were started for this run logged for each."""
        told = list(outcomes)
        for verifier in self._verifiers.values():
            if isinstance(verifier, Verifier):
                told = verifier.add_logs(told)
        return told


def describe(part: Config, worker: str) -> str:
    """Return what pytest's header says of a service's worker."""
    lead = f"{part.name}: " if part.name else ""
    pool = f"{part.pool} pool of {part.concurrency}"
    return f"taskcontract: {lead}{part.app} on {scheme_of(part.broker)} broker, {pool}, {worker}"
