"""What is on its way to the worker and back, by what is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.verification.states.state_claims import Claims

if TYPE_CHECKING:
    from taskcontract.verification.ticket import Ticket

__all__ = ["InFlight"]


class InFlight:
    """The tickets that have begun and are not done, and those whose messages the worker holds for them."""

    def __init__(self) -> None:
        self.active: dict[Ticket, None] = {}
        self.flying: dict[str, Ticket] = {}
        """Those whose results are waited for, by the ids of their tasks."""
        self.held: dict[Ticket, None] = {}
        """Those that have not begun, and whose messages were sent before their turn."""
        self.claims = Claims()
        self.crowded = False
        """Whether nothing more can begin before something ends."""
        self.stateful = 0
        """How many have provider states set up."""
        self._scopes: dict[int, Ticket] = {}
        self._next_scope = 0

    def enter(self, ticket: Ticket) -> None:
        """Note that a ticket begins, with all that its states touch."""
        self.held.pop(ticket, None)
        self.active[ticket] = None
        self.claims.add(ticket.claim)
        self.stateful += bool(ticket.groups)

    def leave(self, ticket: Ticket) -> None:
        """Note that nothing is waited for any more."""
        self.crowded = False
        if ticket in self.active:
            del self.active[ticket]
            self.claims.remove(ticket.claim)
            self.stateful -= bool(ticket.groups)
        for scope in ticket.scopes:
            self._scopes.pop(scope, None)
        self.land(ticket)

    def fly(self, ticket: Ticket) -> None:
        """Note that the result of what was sent is waited for."""
        assert ticket.sent is not None
        self.flying[ticket.sent.task_id] = ticket

    def land(self, ticket: Ticket) -> None:
        """Note that its result is waited for no more."""
        if ticket.sent is not None:
            self.flying.pop(ticket.sent.task_id, None)

    def open_scope(self, ticket: Ticket) -> int:
        """Return a number for states of a ticket that are set up together."""
        self._next_scope += 1
        self._scopes[self._next_scope] = ticket
        ticket.scopes.append(self._next_scope)
        return self._next_scope

    def find(self, scope: int) -> Ticket | None:
        """Return the ticket whose states have that number; None of one that was given up."""
        return self._scopes.get(scope)

    def withdraw(self) -> None:
        """Forget the messages that a worker held which is gone."""
        for ticket in self.held:
            ticket.ahead = None
        self.held.clear()
