"""Replaying on workers that run already: none is started, nothing is touched but the replay's own calls."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.declare.header import HEADER, find_ours, make_header
from taskcontract.errors import BrokerError, VerificationError
from taskcontract.model.service import DEFAULT_QUEUE
from taskcontract.urls import hide_password
from taskcontract.verification.calls.caller import Caller
from taskcontract.verification.judging import judge_reply, make_outcome
from taskcontract.verification.outcome import Fault, Outcome, Sent, Verification
from taskcontract.verification.pending import PendingBook
from taskcontract.verification.pipeline import RAISE_TIMEOUT
from taskcontract.verification.running.asking import RunningWorkers, ask_running_workers
from taskcontract.verification.running.servers import find_servers, import_app
from taskcontract.verification.running.states import StatesHere
from taskcontract.verification.states.worker_capabilities import WorkerCapabilities
from taskcontract.verification.ticket import issue_tickets
from taskcontract.verification.worker.serving import describe_capabilities, services_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from celery import Celery

    from taskcontract.model.canonical import Json
    from taskcontract.model.config import Config
    from taskcontract.model.contract import Contract, Interaction
    from taskcontract.verification.ticket import Ticket

__all__ = ["RunningVerifier"]

AHEAD = 16
"""How many messages may be on their way at once: such workers serve others too."""


class RunningVerifier:
    """Workers that run already, and what is replayed on them; used like a `Verifier`.

    They are those behind `config.live`, a broker's URL, or, with `app` given, those of that app's servers.
    Provider states run in this process, as the configured app declares them. Raises ConfigError for what
    cannot be used, BrokerError for a broker that is away, VerificationError where no worker answers.
    """

    def __init__(self, config: Config, app: Celery | None = None) -> None:
        self._config = config
        self.pending = PendingBook(config.results_file)
        self._provider = import_app(config) if config.app is not None else None
        if app is None:
            self._servers = find_servers(config.live or "app", config.backend, self._provider)
        else:
            self._servers = find_servers("app", None, app)
        self._states = StatesHere(config, self._provider)
        known = app or self._provider
        self._default_queue: str = known.conf.task_default_queue if known is not None else DEFAULT_QUEUE
        self._caller: Caller | None = None
        self._workers: RunningWorkers | None = None
        self._planned: deque[Ticket] = deque()
        self._flying: dict[str, Ticket] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Ask the workers what they serve."""
        try:
            self._caller = Caller(self._servers)
            serving = ask_running_workers(self._caller.app, self._servers)
        except BaseException:
            self.stop()
            raise
        known = WorkerCapabilities(())
        if self._provider is not None:
            services = services_of(self._provider, self._config.bindings)
            known = describe_capabilities(self._provider, services, ())
        self._workers = RunningWorkers(serving, replace(known, default_queue=self._default_queue))

    def stop(self) -> None:
        """Drop the results of this run's calls, and let go of the broker. May be called twice."""
        caller, self._caller = self._caller, None
        if caller is not None:
            try:
                with suppress(BrokerError):  # what is left expires
                    caller.forget()
            finally:
                caller.close()
                self.pending.write()

    def describe(self) -> list[str]:
        """Return what is replayed on: the broker, without its password, and each worker."""
        number = len(self.workers.serving)
        workers = f"{number} running workers" if number > 1 else "a running worker"
        return [f"{workers} behind {hide_password(self._servers.broker)}", *self.workers.describe()]

    @property
    def workers(self) -> RunningWorkers:
        """The workers as they answered at the start."""
        if self._workers is None:
            self.start()
        assert self._workers is not None
        return self._workers

    def wait(self) -> WorkerCapabilities:
        """Return what all workers together serve."""
        return self.workers.as_one()

    def verify(self, contract: Contract) -> Verification:
        """Replay every interaction of `contract`."""
        tickets = issue_tickets(contract)
        self.plan(tickets)
        return Verification(
            contract.consumer, contract.provider, tuple(self.replay(ticket) for ticket in tickets)
        )

    def plan(self, tickets: Iterable[Ticket]) -> None:
        """Say what will be replayed, and in which order: what needs no state may then be sent ahead."""
        self._planned.extend(ticket for ticket in tickets if not ticket.interaction.states)

    def replay(self, ticket: Ticket, then: Ticket | None = None) -> Outcome:
        """Send the ticket's message, unless that was done ahead, and compare what comes back.

        `then`, the ticket that is asked for behind it, makes no difference: its states run in this process.
        """
        started = time.monotonic()
        if ticket.interaction.states:
            self._replay_in_state(ticket)
        else:
            self._send_ahead(ticket)
            self._settle(ticket)
        ignored = ticket.reply is not None and self.workers.keeps_no_result(ticket.interaction)
        faults, mismatches = judge_reply(ticket, keeps_no_result=ignored)
        outcome = make_outcome(ticket, faults, mismatches, seconds=time.monotonic() - started)
        return self.pending.judge(outcome, self.workers.known.versions.get(ticket.provider, ""))

    def _replay_in_state(self, ticket: Ticket) -> None:
        """Replay between set-up and teardown, with nothing else of ours on its way."""
        for other in list(self._flying.values()):
            self._settle(other)
        refusal = self.workers.find_refusal(ticket.interaction)
        if refusal is not None:
            ticket.fault = Fault(refusal.what, refusal.do)
            return
        if self._states.set_up(ticket):
            self._send(ticket)
            self._settle(ticket)
        self._states.finish(ticket, check=ticket.reply is not None and ticket.reply.status == "SUCCESS")

    def _send_ahead(self, first: Ticket) -> None:
        """Send `first`, and what is planned behind it as far as it may be on its way."""
        if first.sent is None and first.fault is None:
            self._send(first)
        while self._planned and len(self._flying) < AHEAD:
            ticket = self._planned.popleft()
            if ticket.sent is None and ticket.fault is None:
                self._send(ticket)

    def _send(self, ticket: Ticket) -> None:
        interaction, workers = ticket.interaction, self.workers
        refusal = workers.find_refusal(interaction)
        if refusal is not None:
            ticket.fault = Fault(refusal.what, refusal.do)
            return
        queue = workers.queue_of(interaction)
        assert self._caller is not None
        try:
            task_id = self._caller.send(
                interaction.wire_name,
                interaction.args,
                interaction.kwargs,
                queue=queue,
                run="",
                serializer=interaction.serializer,
                headers=_headers_of(interaction, ticket.consumer),
                store_result=True if workers.keeps_no_result(interaction) else None,
            )
        except VerificationError as error:
            ticket.fault = Fault(error.what, error.do)
            return
        ticket.sent = Sent(
            task_id,
            interaction.wire_name,
            interaction.version,
            interaction.args,
            interaction.kwargs,
            queue,
        )
        ticket.began = ticket.sent_at = time.monotonic()
        ticket.wall = time.time()
        self._flying[task_id] = ticket

    def _settle(self, ticket: Ticket) -> None:
        """Wait until the reply to `ticket` is there, or its time is over; others stay on their way."""
        deadline = time.monotonic() + (ticket.interaction.timeout or self._config.timeout)
        assert self._caller is not None
        while ticket.sent is not None and (first := ticket.sent.task_id) in self._flying:
            found = self._caller.read([first, *(each for each in self._flying if each != first)])
            for task_id, reply in found.items():
                answered = self._flying.pop(task_id)
                answered.reply, answered.replied = reply, time.monotonic()
            if not found and time.monotonic() > deadline:
                del self._flying[first]
                ticket.fault = self._explain_silence(ticket)

    def _explain_silence(self, ticket: Ticket) -> Fault:
        assert self._caller is not None
        assert ticket.sent is not None
        queue = ticket.sent.queue
        names = ", ".join(self.workers.listening(queue))
        state = self._caller.state_of(ticket.sent.task_id)
        said = f"; its state is {state}" if state else ""
        if state == "RETRY":
            # Celery may store it when the SUCCESS of the retried task is stored already.
            said += ", which may be all that its retry left"
        return Fault(
            f"no result within {ticket.interaction.timeout or self._config.timeout:g} s{said}",
            f"The queue {queue!r} is consumed by {names}: see the log for the task {ticket.sent.task_id}, "
            f"and whether results go to {hide_password(self._servers.backend)}. "
            f"The message may still be waiting. {RAISE_TIMEOUT}",
        )


def _headers_of(interaction: Interaction, consumer: str) -> dict[str, Json]:
    """Return the consumer's headers; ours says too that it is replayed, and thus no use of a version."""
    carried = find_ours(interaction.headers).get("carried")
    ours = make_header(interaction.version, consumer, carried)
    return {**interaction.headers, HEADER: {**ours[HEADER], "replayed": True}}
