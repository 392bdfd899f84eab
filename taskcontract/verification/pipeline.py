"""Replaying without waiting: what needs no state is sent ahead, and collected as it is asked for."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.declare.header import find_ours, make_header
from taskcontract.errors import VerificationError
from taskcontract.verification.live_worker import WorkerDiedError
from taskcontract.verification.outcome import Fault, Sent
from taskcontract.verification.stacks import read_stack
from taskcontract.verification.worker_capabilities import find_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Contract, Interaction
    from taskcontract.verification.live_worker import LiveWorker
    from taskcontract.verification.outcome import Reply
    from taskcontract.verification.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.worker_supervisor import WorkerSupervisor

__all__ = ["Pipeline", "Ticket", "issue_tickets"]

WINDOW = 200
"""How many messages may be on their way at once."""


@dataclass(eq=False, slots=True)
class Ticket:
    """One interaction on its way: `reply` or `fault` is set when it has arrived."""

    consumer: str
    provider: str
    interaction: Interaction
    sent: Sent | None = None
    reply: Reply | None = None
    fault: Fault | None = None

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to wait for."""
        return self.reply is not None or self.fault is not None


def issue_tickets(contract: Contract) -> list[Ticket]:
    """Return a ticket for each interaction of `contract`, to be replayed in any order."""
    return [Ticket(contract.consumer, contract.provider, each) for each in contract.interactions]


class Pipeline:
    """Sends tickets and collects their replies.

    When the worker dies or hangs, the messages that were on their way are sent again to the next
    worker's own queues. If several were, they go one at a time from then on, to find the one.
    """

    def __init__(self, supervisor: WorkerSupervisor, timeout: float) -> None:
        self._supervisor = supervisor
        self._timeout = timeout
        self._planned: deque[Ticket] = deque()
        self._flying: dict[str, Ticket] = {}
        self._one_by_one = False
        self._worker: LiveWorker | None = None
        """The worker that has what is on its way."""

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._flying

    def plan(self, tickets: Iterable[Ticket]) -> None:
        """Say which tickets may be sent ahead, in this order."""
        self._planned.extend(tickets)

    def settle(self, ticket: Ticket) -> None:
        """Wait until `ticket` has arrived; without a worker to ask, the errors of `WorkerSupervisor.use`."""
        while not ticket.settled:
            self._notice_death()
            worker, capabilities = self._supervisor.use()
            if self._flying and worker is not self._worker:
                continue  # it died just now, and this is its successor
            if ticket.sent is None:
                self._send(ticket, worker, capabilities)
            if not self._one_by_one:
                self._send_ahead(worker, capabilities)
            self._collect(ticket)

    def settle_alone(self, ticket: Ticket, worker: LiveWorker, capabilities: WorkerCapabilities) -> None:
        """Send `ticket` to this very worker, whose states are set up, and wait until it has arrived."""
        self._send(ticket, worker, capabilities)
        self._collect(ticket)

    def drain(self) -> None:
        """Wait until nothing is on its way."""
        while self._flying:
            self._collect(next(iter(self._flying.values())))

    def _send_ahead(self, worker: LiveWorker, capabilities: WorkerCapabilities) -> None:
        while self._planned and len(self._flying) < WINDOW:
            ticket = self._planned.popleft()
            if not ticket.settled and ticket.sent is None:
                self._send(ticket, worker, capabilities)

    def _send(self, ticket: Ticket, worker: LiveWorker, capabilities: WorkerCapabilities) -> None:
        interaction = ticket.interaction
        refusal = find_refusal(capabilities, interaction)
        if refusal is not None:
            ticket.fault = Fault(refusal.what, refusal.do)
            return
        task = capabilities.find(interaction.wire_name)
        try:
            task_id = self._supervisor.caller.send(
                interaction.wire_name,
                interaction.args,
                interaction.kwargs,
                queue=capabilities.find_queue(interaction),
                run=worker.settings.run,
                serializer=interaction.serializer,
                headers=_headers_of(interaction, ticket.consumer),
                store_result=True if task is not None and task.ignores_result else None,
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
            interaction.queue or capabilities.default_queue,
        )
        self._flying[task_id] = ticket
        self._worker = worker

    def _collect(self, ticket: Ticket) -> None:
        """Read replies until that of `ticket` is there, or its worker is dead, or its time is over."""
        deadline = time.monotonic() + self._timeout
        while ticket.sent is not None and ticket.sent.task_id in self._flying:
            if self._read(ticket.sent.task_id):
                continue
            self._notice_death()
            if time.monotonic() > deadline and ticket in self._flying.values():
                self._give_up(ticket)

    def _read(self, first: str) -> bool:
        """Take the replies that are there by now, that of the task `first` before all others."""
        found = self._supervisor.caller.read([first, *(each for each in self._flying if each != first)])
        for task_id, reply in found.items():
            self._flying.pop(task_id).reply = reply
        return bool(found)

    def _notice_death(self) -> None:
        """If the worker that has the messages is dead, take what it answered, and count the rest as lost."""
        try:
            if self._flying and self._worker is not None:
                self._worker.check_alive()
        except WorkerDiedError as death:
            while self._flying and self._read(next(iter(self._flying))):
                pass
            self._bury(death)

    def _bury(self, death: WorkerDiedError) -> None:
        lost = self._forget_flying()
        if not lost:
            return
        if len(lost) == 1:
            lost[0].fault = Fault(f"{death.what} while it ran this task", trace=death.tail)
            return
        self._one_by_one = True
        for ticket in lost:
            ticket.sent = None

    def _give_up(self, ticket: Ticket) -> None:
        stack = read_stack(self._worker) if self._worker else ""
        self._supervisor.spoil()
        ticket.fault = Fault(
            f"no result within {self._timeout:g} s",
            "If it may take that long, raise timeout in [tool.taskcontract].",
            stack,
        )
        for other in self._forget_flying():
            if other is not ticket:
                other.sent = None

    def _forget_flying(self) -> list[Ticket]:
        lost = list(self._flying.values())
        self._flying.clear()
        return lost


def _headers_of(interaction: Interaction, consumer: str) -> dict[str, Json]:
    """Return the headers that the consumer's message had: ours, and those that carry something."""
    carried = find_ours(interaction.headers).get("carried")
    return {**interaction.headers, **make_header(interaction.version, consumer, carried)}
