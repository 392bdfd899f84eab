"""The steps of an interaction on one worker: its states are set up, its message sent, its states undone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from taskcontract.errors import VerificationError
from taskcontract.verification.outcome import Fault
from taskcontract.verification.sending import send_interaction
from taskcontract.verification.states.local_states import LocalStates
from taskcontract.verification.states.worker_capabilities import find_refusal
from taskcontract.verification.ticket import Step
from taskcontract.verification.worker.live_worker import WorkerDiedError

if TYPE_CHECKING:
    from taskcontract.model.config import Config
    from taskcontract.verification.in_flight import InFlight
    from taskcontract.verification.sandbox.sandbox import RunSandbox
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.ticket import Ticket
    from taskcontract.verification.worker.live_worker import LiveWorker
    from taskcontract.verification.worker.worker_supervisor import WorkerSupervisor

__all__ = ["Steps"]

LOOK_AGAIN = 0.1
"""Seconds without a word from the worker after which the result store itself is asked."""


class Steps:
    """Takes each ticket `in_flight` from step to step, as the worker says how the last one went."""

    def __init__(
        self, supervisor: WorkerSupervisor, config: Config, sandbox: RunSandbox, in_flight: InFlight
    ) -> None:
        self._supervisor = supervisor
        self._timeout = config.timeout
        self._local = LocalStates(config, sandbox)
        self._in_flight = in_flight
        self._told: dict[str, None] = {}
        self.closing = False
        """Whether nothing new is to be sent."""
        self.worker: LiveWorker | None = None
        """The worker that has what is on its way."""
        self.capabilities: WorkerCapabilities | None = None

    def seconds_of(self, ticket: Ticket) -> float:
        """Return how long each step of a ticket may take."""
        return ticket.interaction.timeout or self._timeout

    def begin(self, ticket: Ticket) -> None:
        """Take the first step of a ticket; one that the worker cannot serve is done."""
        assert self.capabilities is not None
        refusal = find_refusal(self.capabilities, ticket.interaction)
        if refusal is not None:
            ticket.fault = Fault(refusal.what, refusal.do)
            ticket.enter(Step.DONE)
            return
        ticket.begin(self.capabilities)
        self._in_flight.enter(ticket)
        self._go_on(ticket)

    def send_ahead(self, ticket: Ticket) -> None:
        """Send the message of a ticket before its turn, if the worker can hold it until then.

        All its states must be set up there, at once, and the message depend on none of what they hand out.
        """
        worker, capabilities, held = self.worker, self.capabilities, self._in_flight.held
        assert worker is not None
        assert capabilities is not None
        if ticket in held or len(held) >= capabilities.holds or not ticket.may_be_held(capabilities):
            return
        if find_refusal(capabilities, ticket.interaction) is not None:
            return
        try:
            ticket.ahead = send_interaction(
                ticket, self._supervisor.caller, worker.settings.run, capabilities, held=True
            )
        except VerificationError:
            return  # it is said when its turn comes
        held[ticket] = None

    def _go_on(self, ticket: Ticket) -> None:
        """Set up the next states of `ticket`; when all are, send its message."""
        worker, capabilities = self.worker, self.capabilities
        assert worker is not None
        assert capabilities is not None
        while ticket.group < len(ticket.groups):
            group = ticket.groups[ticket.group]
            ticket.group += 1
            ticket.enter(Step.SET_UP)
            scope = self._in_flight.open_scope(ticket)
            if group.where == "worker":
                worker.set_up(scope, group.states, ticket.ahead.task_id if ticket.ahead else None)
                return
            seconds = self.seconds_of(ticket)
            entries = self._local.set_up(scope, group.states, run=worker.settings.run, seconds=seconds)
            if not ticket.take_entries(entries, scope, group):
                self.finish(ticket)
                return
        try:
            ticket.sent = ticket.ahead or send_interaction(
                ticket, self._supervisor.caller, worker.settings.run, capabilities
            )
        except VerificationError as error:
            ticket.fault = Fault(error.what, error.do)
            self.finish(ticket)
            return
        ticket.enter(Step.SENT)
        ticket.sent_at = ticket.step_began
        self._in_flight.fly(ticket)

    def finish(self, ticket: Ticket) -> None:
        """Check and undo the states that are set up, the last first; when none is left, it is done."""
        self._in_flight.land(ticket)
        check = not ticket.faults and ticket.reply is not None and ticket.reply.status == "SUCCESS"
        while ticket.group:
            ticket.enter(Step.FINISH)
            ticket.group -= 1
            group, scope = ticket.groups[ticket.group], ticket.scopes[ticket.group]
            if group.where == "worker":
                if self.worker is not None:
                    self.worker.finish(scope, check=check)
                return
            entries = self._local.finish(scope, check=check, seconds=self.seconds_of(ticket))
            ticket.take_entries(entries, scope, group)
        ticket.enter(Step.DONE)
        self._in_flight.leave(ticket)

    def finish_here(self, ticket: Ticket) -> None:
        """Undo the states of `ticket` that are set up in this process, whatever becomes of the worker."""
        for group, scope in reversed(list(zip(ticket.groups, ticket.scopes, strict=False))):
            if group.where != "worker":
                self._local.finish(scope, check=False, seconds=self.seconds_of(ticket))

    def advance(self) -> None:
        """Take what the worker says and has stored; wait a little when that is nothing."""
        assert self.worker is not None
        try:
            events, told = self.worker.wait(LOOK_AGAIN)
        except WorkerDiedError:
            return  # noticed where it is dealt with
        for event in events:
            self._take_event(event)
        flying = self._in_flight.flying
        self._told.update(dict.fromkeys(task_id for task_id in told if task_id in flying))
        while self._told and self._read(list(self._told)):
            pass
        if not events and not told and flying:
            self._told.clear()
            self._read(list(flying))

    def read_last(self) -> None:
        """Take what a worker that is dead has said and answered."""
        self._told.clear()
        for event in self.worker.read_rest() if self.worker is not None else ():
            self._take_event(event, worker_lives=False)
        while self._in_flight.flying and self._read(list(self._in_flight.flying), worker_lives=False):
            pass

    def _take_event(self, event: dict[str, Any], *, worker_lives: bool = True) -> None:
        scope = event.get("scope", 0)
        ticket = self._in_flight.find(scope)
        if ticket is None:
            return  # of one that was given up
        well = ticket.take_entries(event["entries"], scope, ticket.groups[ticket.scopes.index(scope)])
        if ticket.step is not Step.SET_UP or not well or self.closing:
            self.finish(ticket)
        elif worker_lives or ticket.ahead is not None:  # it may be what the call did that killed it
            self._go_on(ticket)

    def _read(self, task_ids: list[str], *, worker_lives: bool = True) -> bool:
        """Take those of the results that are there; whether there was any."""
        found = self._supervisor.caller.read(task_ids)
        for task_id, reply in found.items():
            self._told.pop(task_id, None)
            ticket = self._in_flight.flying.pop(task_id, None)
            if ticket is not None:
                ticket.reply, ticket.replied = reply, time.monotonic()
                if worker_lives or not ticket.groups:  # else its states have died too
                    self.finish(ticket)
        return bool(found)
