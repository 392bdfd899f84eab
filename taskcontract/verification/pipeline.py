"""Replaying without waiting: what disturbs nothing else is sent ahead, and collected as it is asked for."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from taskcontract.verification.in_flight import InFlight
from taskcontract.verification.outcome import Fault
from taskcontract.verification.states.state_claims import Claims, claim_of
from taskcontract.verification.steps import Steps
from taskcontract.verification.ticket import Step, Ticket
from taskcontract.verification.worker.live_worker import WorkerDiedError
from taskcontract.verification.worker.stacks import read_stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.config import Config
    from taskcontract.verification.sandbox.sandbox import RunSandbox
    from taskcontract.verification.worker.worker_supervisor import WorkerSupervisor

__all__ = ["Pipeline"]

WINDOW = 200
"""How many interactions may be on their way at once, and how far ahead one is sought that may."""
STATES_AT_ONCE = 16
"""How many of them may have provider states set up."""
CLOSING_SECONDS = 2.0
RAISE_TIMEOUT = (
    "If it may take that long, raise timeout in [tool.taskcontract], or let the consumer's test say so: "
    ".within(60)."
)


class Pipeline:
    """Brings interactions to the worker, in order, and collects what comes of them.

    One without states runs beside all others, one whose states say what they touch beside those that touch
    something else, and any other alone: its message may be sent before, and is held in the worker until its
    states are set up. When the worker dies or hangs, what was on its way begins again on the next one. If
    several were, they go one at a time from then on, to find the one that killed it.
    """

    def __init__(self, supervisor: WorkerSupervisor, config: Config, sandbox: RunSandbox) -> None:
        self._supervisor = supervisor
        self._in_flight = InFlight()
        self._steps = Steps(supervisor, config, sandbox, self._in_flight)
        self._planned: dict[Ticket, None] = {}
        self._one_by_one = False
        self._asked_at = 0.0

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._in_flight.active

    def plan(self, tickets: Iterable[Ticket]) -> None:
        """Say which tickets will be asked for, in this order."""
        now = time.monotonic()
        for ticket in tickets:
            ticket.asked = now
            self._planned[ticket] = None
        self._in_flight.crowded = False

    def settle(self, ticket: Ticket) -> None:
        """Wait until `ticket` has arrived; without a worker to ask, the errors of `WorkerSupervisor.use`."""
        self._asked_at = time.monotonic()
        ticket.asked = ticket.asked or self._asked_at
        if ticket.step is Step.WAITING:
            self._in_flight.crowded = False
        while not ticket.done:
            self._notice_death()
            worker, capabilities = self._supervisor.use()
            if worker is not self._steps.worker:
                if self._in_flight.active:
                    continue  # it died just now, and this is its successor
                self._in_flight.withdraw()
            self._steps.worker, self._steps.capabilities = worker, capabilities
            self._begin_more(ticket)
            if not ticket.done:
                self._steps.advance()
                self._expire(ticket)

    def begin_ahead(self, ticket: Ticket) -> None:
        """Begin `ticket`, which is asked for next, without waiting for it.

        Only where the worker is there and all that it needs is in the worker: the states of this process are
        not for another test.
        """
        capabilities = self._steps.capabilities
        if ticket not in self._planned or capabilities is None:
            return
        if ticket.interaction.states and not ticket.may_be_held(capabilities):
            return
        if self._steps.worker is self._supervisor.worker is not None:
            self._in_flight.crowded = False
            self._begin_more(ticket)

    def close(self) -> None:
        """Undo the states of what is still on its way, within a few seconds."""
        self._steps.closing = True
        deadline = time.monotonic() + CLOSING_SECONDS
        stateful = [each for each in self._in_flight.active if each.scopes]
        for each in stateful:
            if each.step is Step.SENT:
                self._steps.finish(each)
        worker = self._steps.worker
        while worker is not None and worker.alive and time.monotonic() < deadline:
            if all(each.done for each in stateful):
                break
            self._steps.advance()
        for each in stateful:
            if not each.done:
                self._steps.finish_here(each)

    def _candidates(self, first: Ticket) -> Iterator[Ticket]:
        if first.step is Step.WAITING:
            yield first
        for each in list(islice(self._planned, WINDOW)):
            if each.step is not Step.WAITING:
                del self._planned[each]
            elif each is not first:
                yield each

    def _begin_more(self, first: Ticket) -> None:
        """Begin what may run beside what is on its way; nothing overtakes what touches the same.

        Of what may not, the first messages are sent all the same: the worker holds them.
        """
        capabilities, in_flight = self._steps.capabilities, self._in_flight
        if capabilities is None or in_flight.crowded:
            return
        ahead = Claims()
        blocked = False
        for ticket in self._candidates(first):
            if blocked:
                if self._one_by_one or len(in_flight.held) >= capabilities.holds:
                    break
                self._steps.send_ahead(ticket)
                continue
            if len(in_flight.active) >= (1 if self._one_by_one else WINDOW):
                break
            if ticket.interaction.states and in_flight.stateful >= STATES_AT_ONCE:
                break
            claim = ticket.claim = claim_of(ticket.interaction, capabilities)
            if in_flight.claims.admits(claim) and ahead.admits(claim):
                self._planned.pop(ticket, None)
                self._steps.begin(ticket)
                continue
            blocked = claim is None
            if claim is not None:
                ahead.add(claim)
            if not self._one_by_one:
                self._steps.send_ahead(ticket)
        in_flight.crowded = True

    def _expire(self, asked: Ticket) -> None:
        """Give up what takes too long, from the moment when something is waited for on."""
        now, active = time.monotonic(), self._in_flight.active
        for ticket in [asked] if asked in active else list(active):
            since = max(self._asked_at, ticket.step_began)
            if now > since + self._steps.seconds_of(ticket):
                self._give_up(ticket)
                return

    def _give_up(self, ticket: Ticket) -> None:
        seconds = f"{self._steps.seconds_of(ticket):g} s"
        stack = read_stack(self._steps.worker) if self._steps.worker else ""
        self._supervisor.spoil()
        if ticket.step is Step.SENT:
            ticket.fault = Fault(f"no result within {seconds}", RAISE_TIMEOUT, stack)
        else:
            what = f"{_spell_step(ticket)}: it took longer than {seconds}"
            ticket.state_faults.append(Fault(what, RAISE_TIMEOUT, stack))
        self._lose_all(guilty=ticket)

    def _notice_death(self) -> None:
        """If the worker that has the messages is dead, take what it answered, and count the rest as lost."""
        worker = self._steps.worker
        try:
            if self._in_flight.active and worker is not None:
                worker.check_alive()
        except WorkerDiedError as death:
            self._steps.read_last()
            self._bury(death)

    def _bury(self, death: WorkerDiedError) -> None:
        lost = list(self._in_flight.active)
        if len(lost) != 1:
            self._one_by_one = self._one_by_one or bool(lost)
            self._lose_all(guilty=None)
            return
        ticket = lost[0]
        if ticket.step is Step.SENT and ticket.reply is None:
            ticket.fault = Fault(f"{death.what} while it ran this task", trace=death.tail)
        else:
            ticket.state_faults.append(Fault(f"{_spell_step(ticket)}: {death.what}", trace=death.tail))
        self._lose_all(guilty=ticket)

    def _lose_all(self, guilty: Ticket | None) -> None:
        """Take all from a worker that is gone: it is over for the guilty one, the others begin again."""
        lost = list(self._in_flight.active)
        for ticket in lost:
            self._in_flight.leave(ticket)
            self._steps.finish_here(ticket)
            if ticket is guilty:
                ticket.enter(Step.DONE)
            else:
                ticket.reset()
        self._in_flight.withdraw()
        again = [ticket for ticket in lost if ticket is not guilty]
        self._planned = {**dict.fromkeys(again), **self._planned}


def _spell_step(ticket: Ticket) -> str:
    names = ", ".join(repr(state.name) for state in ticket.interaction.states)
    if ticket.step is Step.SET_UP:
        states = ticket.groups[ticket.group - 1].states
        return f"the state {states[0].name!r} could not be set up"
    return f"the states {names} could not be torn down"
