"""Replaying without waiting: what disturbs nothing else is sent ahead, and collected as it is asked for."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from taskcontract.errors import VerificationError
from taskcontract.verification.outcome import Fault
from taskcontract.verification.sending import send_interaction
from taskcontract.verification.states.local_states import LocalStates
from taskcontract.verification.states.state_claims import Claims, claim_of
from taskcontract.verification.states.worker_capabilities import find_refusal
from taskcontract.verification.ticket import Step, Ticket
from taskcontract.verification.worker.live_worker import WorkerDiedError
from taskcontract.verification.worker.stacks import read_stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.config import Config
    from taskcontract.verification.sandbox.sandbox import RunSandbox
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.worker.live_worker import LiveWorker
    from taskcontract.verification.worker.worker_supervisor import WorkerSupervisor

__all__ = ["Pipeline"]

WINDOW = 200
"""How many interactions may be on their way at once, and how far ahead one is sought that may."""
STATES_AT_ONCE = 16
"""How many of them may have provider states set up."""
LOOK_AGAIN = 0.1
"""Seconds without a word from the worker after which the result store itself is asked."""
CLOSING_SECONDS = 2.0
RAISE_TIMEOUT = (
    "If it may take that long, raise timeout in [tool.taskcontract], or let the consumer's test say so: "
    ".within(60)."
)


class Pipeline:
    """Brings interactions to the worker, in order, and collects what comes of them.

    One without states runs beside all others, one whose states say what they touch beside those that touch
    something else, and any other alone. When the worker dies or hangs, what was on its way begins again on
    the next one. If several were, they go one at a time from then on, to find the one that killed it.
    """

    def __init__(self, supervisor: WorkerSupervisor, config: Config, sandbox: RunSandbox) -> None:
        self._supervisor = supervisor
        self._timeout = config.timeout
        self._local = LocalStates(config, sandbox)
        self._planned: dict[Ticket, None] = {}
        self._active: dict[Ticket, None] = {}
        self._flying: dict[str, Ticket] = {}
        self._scopes: dict[int, Ticket] = {}
        self._next_scope = 0
        self._claims = Claims()
        self._stateful = 0
        self._one_by_one = False
        self._crowded = False
        """Whether nothing more can begin before something ends."""
        self._asked_at = 0.0
        self._told: dict[str, None] = {}
        self._closing = False
        self._worker: LiveWorker | None = None
        """The worker that has what is on its way."""
        self._capabilities: WorkerCapabilities | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._active

    def plan(self, tickets: Iterable[Ticket]) -> None:
        """Say which tickets will be asked for, in this order."""
        now = time.monotonic()
        for ticket in tickets:
            ticket.asked = now
            self._planned[ticket] = None
        self._crowded = False

    def settle(self, ticket: Ticket) -> None:
        """Wait until `ticket` has arrived; without a worker to ask, the errors of `WorkerSupervisor.use`."""
        self._asked_at = time.monotonic()
        ticket.asked = ticket.asked or self._asked_at
        if ticket.step is Step.WAITING:
            self._crowded = False
        while not ticket.done:
            self._notice_death()
            worker, capabilities = self._supervisor.use()
            if self._active and worker is not self._worker:
                continue  # it died just now, and this is its successor
            self._worker, self._capabilities = worker, capabilities
            self._begin_more(ticket)
            if not ticket.done:
                self._advance()
                self._expire(ticket)

    def close(self) -> None:
        """Undo the states of what is still on its way, within a few seconds."""
        self._closing = True
        deadline = time.monotonic() + CLOSING_SECONDS
        stateful = [each for each in self._active if each.scopes]
        for each in stateful:
            if each.step is Step.SENT:
                self._finish(each)
        while self._worker is not None and self._worker.alive and time.monotonic() < deadline:
            if all(each.done for each in stateful):
                break
            self._advance()
        for each in stateful:
            if not each.done:
                self._end_locally(each)

    def _candidates(self, first: Ticket) -> Iterator[Ticket]:
        if first.step is Step.WAITING:
            yield first
        for each in list(islice(self._planned, WINDOW)):
            if each.step is not Step.WAITING:
                del self._planned[each]
            elif each is not first:
                yield each

    def _begin_more(self, first: Ticket) -> None:
        """Begin what may run beside what is on its way; nothing overtakes what touches the same."""
        capabilities = self._capabilities
        if self._crowded or capabilities is None:
            return
        ahead = Claims()
        for ticket in self._candidates(first):
            if len(self._active) >= (1 if self._one_by_one else WINDOW):
                break
            claim = ticket.claim = claim_of(ticket.interaction, capabilities)
            if ticket.interaction.states and self._stateful >= STATES_AT_ONCE:
                break
            if self._claims.admits(claim) and ahead.admits(claim):
                self._begin(ticket, capabilities)
            elif claim is None:
                break
            else:
                ahead.add(claim)
        self._crowded = True

    def _begin(self, ticket: Ticket, capabilities: WorkerCapabilities) -> None:
        self._planned.pop(ticket, None)
        refusal = find_refusal(capabilities, ticket.interaction)
        if refusal is not None:
            ticket.fault = Fault(refusal.what, refusal.do)
            ticket.enter(Step.DONE)
            return
        ticket.begin(capabilities)
        self._active[ticket] = None
        self._claims.add(ticket.claim)
        self._stateful += bool(ticket.groups)
        self._go_on(ticket)

    def _go_on(self, ticket: Ticket) -> None:
        """Set up the next states of `ticket`; when all are, send its message."""
        worker, capabilities = self._worker, self._capabilities
        assert worker is not None
        assert capabilities is not None
        while ticket.group < len(ticket.groups):
            group = ticket.groups[ticket.group]
            ticket.group += 1
            ticket.enter(Step.SET_UP)
            scope = self._open_scope(ticket)
            if group.where == "worker":
                worker.set_up(scope, group.states)
                return
            seconds = self._seconds_of(ticket)
            entries = self._local.set_up(scope, group.states, run=worker.settings.run, seconds=seconds)
            if not ticket.take_entries(entries, scope, group):
                self._finish(ticket)
                return
        try:
            ticket.sent = send_interaction(ticket, self._supervisor.caller, worker.settings.run, capabilities)
        except VerificationError as error:
            ticket.fault = Fault(error.what, error.do)
            self._finish(ticket)
            return
        ticket.enter(Step.SENT)
        ticket.sent_at = ticket.step_began
        self._flying[ticket.sent.task_id] = ticket

    def _open_scope(self, ticket: Ticket) -> int:
        self._next_scope += 1
        self._scopes[self._next_scope] = ticket
        ticket.scopes.append(self._next_scope)
        return self._next_scope

    def _finish(self, ticket: Ticket) -> None:
        """Check and undo the states that are set up, the last first; when none is left, it is done."""
        if ticket.sent is not None:
            self._flying.pop(ticket.sent.task_id, None)
        check = not ticket.faults and ticket.reply is not None and ticket.reply.status == "SUCCESS"
        while ticket.group:
            ticket.enter(Step.FINISH)
            ticket.group -= 1
            group, scope = ticket.groups[ticket.group], ticket.scopes[ticket.group]
            if group.where == "worker":
                if self._worker is not None:
                    self._worker.finish(scope, check=check)
                return
            entries = self._local.finish(scope, check=check, seconds=self._seconds_of(ticket))
            ticket.take_entries(entries, scope, group)
        self._end(ticket)

    def _end(self, ticket: Ticket) -> None:
        ticket.enter(Step.DONE)
        self._leave(ticket)

    def _leave(self, ticket: Ticket) -> None:
        if ticket in self._active:
            del self._active[ticket]
            self._claims.remove(ticket.claim)
            self._stateful -= bool(ticket.groups)
        for scope in ticket.scopes:
            self._scopes.pop(scope, None)
        if ticket.sent is not None:
            self._flying.pop(ticket.sent.task_id, None)
        self._crowded = False

    def _advance(self) -> None:
        """Take what the worker says and has stored; wait a little when that is nothing."""
        assert self._worker is not None
        try:
            events, told = self._worker.wait(LOOK_AGAIN)
        except WorkerDiedError:
            return  # noticed where it is dealt with
        for event in events:
            self._take_event(event)
        self._told.update(dict.fromkeys(task_id for task_id in told if task_id in self._flying))
        while self._told and self._read(list(self._told)):
            pass
        if not events and not told and self._flying:
            self._told.clear()
            self._read(list(self._flying))

    def _take_event(self, event: dict[str, Any]) -> None:
        scope = event.get("scope", 0)
        ticket = self._scopes.get(scope)
        if ticket is None:
            return  # of one that was given up
        well = ticket.take_entries(event["entries"], scope, ticket.groups[ticket.scopes.index(scope)])
        if ticket.step is Step.SET_UP and well and not self._closing:
            self._go_on(ticket)
        else:
            self._finish(ticket)

    def _read(self, task_ids: list[str], *, worker_lives: bool = True) -> bool:
        """Take those of the results that are there; whether there was any."""
        found = self._supervisor.caller.read(task_ids)
        for task_id, reply in found.items():
            self._told.pop(task_id, None)
            ticket = self._flying.pop(task_id, None)
            if ticket is not None:
                ticket.reply, ticket.replied = reply, time.monotonic()
                if worker_lives or not ticket.groups:  # else its states have died too
                    self._finish(ticket)
        return bool(found)

    def _seconds_of(self, ticket: Ticket) -> float:
        return ticket.interaction.timeout or self._timeout

    def _expire(self, asked: Ticket) -> None:
        """Give up what takes too long, from the moment when something is waited for on."""
        now = time.monotonic()
        for ticket in [asked] if asked in self._active else list(self._active):
            since = max(self._asked_at, ticket.step_began)
            if now > since + self._seconds_of(ticket):
                self._give_up(ticket)
                return

    def _give_up(self, ticket: Ticket) -> None:
        seconds = f"{self._seconds_of(ticket):g} s"
        stack = read_stack(self._worker) if self._worker else ""
        self._supervisor.spoil()
        if ticket.step is Step.SENT:
            ticket.fault = Fault(f"no result within {seconds}", RAISE_TIMEOUT, stack)
        else:
            what = f"{_spell_step(ticket)}: it took longer than {seconds}"
            ticket.state_faults.append(Fault(what, RAISE_TIMEOUT, stack))
        self._lose_all(guilty=ticket)

    def _notice_death(self) -> None:
        """If the worker that has the messages is dead, take what it answered, and count the rest as lost."""
        try:
            if self._active and self._worker is not None:
                self._worker.check_alive()
        except WorkerDiedError as death:
            while self._flying and self._read(list(self._flying), worker_lives=False):
                pass
            self._bury(death)

    def _bury(self, death: WorkerDiedError) -> None:
        lost = list(self._active)
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
        lost = list(self._active)
        self._told.clear()
        for ticket in lost:
            self._leave(ticket)
            self._end_locally(ticket)
            if ticket is guilty:
                ticket.enter(Step.DONE)
            else:
                ticket.reset()
        again = [ticket for ticket in lost if ticket is not guilty]
        self._planned = {**dict.fromkeys(again), **self._planned}

    def _end_locally(self, ticket: Ticket) -> None:
        """Undo the states of `ticket` that are set up in this process."""
        for group, scope in reversed(list(zip(ticket.groups, ticket.scopes, strict=False))):
            if group.where != "worker":
                self._local.finish(scope, check=False, seconds=self._seconds_of(ticket))


def _spell_step(ticket: Ticket) -> str:
    names = ", ".join(repr(state.name) for state in ticket.interaction.states)
    if ticket.step is Step.SET_UP:
        states = ticket.groups[ticket.group - 1].states
        return f"the state {states[0].name!r} could not be set up"
    return f"the states {names} could not be torn down"
