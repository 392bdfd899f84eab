"""The verifier: replays what consumers rely on against a live worker of the provider's own app."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError, VerificationError
from taskcontract.verification.described import DESCRIBE, read_description
from taskcontract.verification.judging import judge_reply, make_outcome
from taskcontract.verification.outcome import Fault, Outcome, Verification
from taskcontract.verification.pending import PendingBook
from taskcontract.verification.pipeline import Pipeline
from taskcontract.verification.sandbox.leftovers import clear_leftovers, lock_sandbox
from taskcontract.verification.sandbox.log_reader import read_lines_by_task, read_lines_of
from taskcontract.verification.sandbox.run_servers import check_servers
from taskcontract.verification.sandbox.sandbox import open_sandbox
from taskcontract.verification.ticket import issue_tickets
from taskcontract.verification.worker.worker_supervisor import PING_QUEUE, WorkerGoneError, WorkerSupervisor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from taskcontract.model.config import Config
    from taskcontract.model.contract import Contract
    from taskcontract.verification.comparison.matching import Mismatch
    from taskcontract.verification.described import DescribedTask
    from taskcontract.verification.sandbox.log_reader import LogLine
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.ticket import Ticket
    from taskcontract.verification.worker.launch import LaunchedProcess

__all__ = ["Verifier"]


class Verifier:
    """A live worker and what is replayed on it: `with Verifier(config) as v: v.verify(contract)`.

    Entering starts the worker without waiting; leaving stops it and removes all that the run left,
    whatever happened. Raises ConfigError and BrokerError, before anything is started, for servers that
    cannot be used or do not answer; WorkerStartError where there is no worker to replay on. A process that
    is `launched` already becomes the first worker.
    """

    def __init__(self, config: Config, *, launched: LaunchedProcess | None = None) -> None:
        if config.app is None:
            raise ConfigError(
                "no app is configured: there is no worker to start",
                where=config.place,
                do='Name the provider\'s Celery app there: app = "pusher", or --taskcontract-app pusher.',
            )
        self._config = config
        self.pending = PendingBook(config.results_file)
        check_servers(config.broker, config.backend)
        self._sandbox = open_sandbox(config.broker, config.backend)
        self._hold: int | None = lock_sandbox(self._sandbox)
        self._supervisor = WorkerSupervisor(config, self._sandbox, launched)
        self._pipeline = Pipeline(self._supervisor, config, self._sandbox)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id of the worker that runs now."""
        return self._supervisor.worker.pid if self._supervisor.worker else None

    def start(self) -> None:
        """Start the worker without waiting for it; meanwhile, remove what killed runs left."""
        try:
            self._supervisor.start()
            clear_leftovers(self._sandbox)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the worker, remove all that the run left, and write what is new to the results file.

        May be called twice.
        """
        try:
            self._pipeline.close()
            self._supervisor.stop(warm=self._pipeline.idle)
        finally:
            try:
                self._sandbox.close()
                hold, self._hold = self._hold, None
                if hold is not None:
                    os.close(hold)
            finally:
                self.pending.write()

    def verify(self, contract: Contract) -> Verification:
        """Replay every interaction of `contract`."""
        tickets = issue_tickets(contract)
        self.plan(tickets)
        outcomes = [self.replay(ticket, then=later) for ticket, later in zip_longest(tickets, tickets[1:])]
        return Verification(contract.consumer, contract.provider, tuple(outcomes))

    def plan(self, tickets: Iterable[Ticket]) -> None:
        """Say what will be replayed, and in which order: what disturbs nothing may then be sent ahead."""
        self._pipeline.plan(tickets)

    def wait(self) -> WorkerCapabilities:
        """Return what the worker serves, as soon as it answers."""
        return self._supervisor.use()[1]

    def describe(self) -> list[DescribedTask]:
        """Return the versions that the worker's providers serve, with their specs."""
        worker, _ = self._supervisor.use()
        caller = self._supervisor.caller
        task_id = caller.send(DESCRIBE, (), {}, queue=PING_QUEUE, run=worker.settings.run)
        deadline = time.monotonic() + self._config.timeout
        while not (found := caller.read([task_id])):
            worker.check_alive()
            if time.monotonic() > deadline:
                raise VerificationError(
                    f"the worker did not say within {self._config.timeout:g} s what it serves"
                )
        reply = found[task_id]
        if reply.status != "SUCCESS":
            raise VerificationError(f"the worker cannot say what it serves: {reply.error}")
        return list(read_description(reply.result))

    def settle(self, ticket: Ticket) -> None:
        """Send the ticket's message, unless that was done ahead, and wait for what comes back."""
        try:
            self._pipeline.settle(ticket)
        except WorkerGoneError as error:
            ticket.fault = Fault(error.what, error.do)

    def replay(self, ticket: Ticket, then: Ticket | None = None) -> Outcome:
        """Send the ticket's message, unless that was done ahead, and compare what comes back.

        Where that is as expected, `then` begins: the ticket that is asked for at once behind this one.
        """
        started = time.monotonic()
        self.settle(ticket)
        faults, mismatches = judge_reply(ticket, keeps_no_result=self._keeps_no_result(ticket))
        outcome = self.explain(ticket, faults, mismatches, seconds=time.monotonic() - started)
        if outcome.ok and then is not None:
            self._pipeline.begin_ahead(then)
        return self.pending.judge(outcome, self._supervisor.version_of(ticket.provider))

    def explain(
        self,
        ticket: Ticket,
        faults: Sequence[Fault],
        mismatches: Sequence[Mismatch] = (),
        seconds: float = 0.0,
    ) -> Outcome:
        """Return what became of a ticket that has arrived, with the worker's log if anything is wrong."""
        log = self._read_log(ticket) if faults or mismatches else ()
        return make_outcome(ticket, faults, mismatches, log=log, seconds=seconds)

    def add_logs(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Return the outcomes with the worker's log for each, as long as it is there: until `stop`."""
        lines = read_lines_by_task(self._sandbox)
        return [
            replace(each, log=each.log or lines.get(each.sent.task_id if each.sent else "", ()))
            for each in outcomes
        ]

    def _keeps_no_result(self, ticket: Ticket) -> bool:
        if ticket.reply is None or ticket.reply.status != "SUCCESS":
            return False  # it is a failure in any case, and the worker need not be there any more
        task = self.wait().find(ticket.interaction.wire_name)
        return task is not None and task.ignores_result

    def _read_log(self, ticket: Ticket) -> tuple[LogLine, ...]:
        if ticket.sent is None:
            return ()
        return read_lines_of(self._sandbox, ticket.sent.task_id, ended=ticket.reply is not None)
