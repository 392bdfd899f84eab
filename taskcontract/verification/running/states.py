"""Provider states that are brought about in this process, for workers that are none of ours."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from taskcontract.verification.states.local_states import run_within
from taskcontract.verification.states.provided_states import ProvidedStates
from taskcontract.verification.ticket import StateGroup

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.model.config import Config
    from taskcontract.verification.ticket import Ticket

__all__ = ["StatesHere"]

SCOPE = 0
"""There is one interaction with states at a time."""


class StatesHere:
    """The states of the providers of `app`, whose functions all run here, each within `timeout` seconds."""

    def __init__(self, config: Config, app: Celery | None) -> None:
        self._timeout = config.timeout
        self._states: ProvidedStates | None = None
        if app is not None:
            for module in (*config.bindings, *((config.states,) if config.states else ())):
                import_module(module)
            self._states = ProvidedStates(app)

    def set_up(self, ticket: Ticket) -> bool:
        """Bring about the states of `ticket`, and note in it how that went; whether all is well."""
        states, provided = ticket.interaction.states, self._states
        assert provided is not None  # without an app there are no states, and the interaction is refused
        pairs = [(state.name, state.params) for state in states]
        entries = run_within(self._timeout, "set_up", lambda: provided.set_up(SCOPE, pairs))
        return ticket.take_entries(entries, SCOPE, StateGroup("tests", states))

    def finish(self, ticket: Ticket, *, check: bool) -> None:
        """Check the states of `ticket`, if asked to, and undo them."""
        provided = self._states
        assert provided is not None
        entries = run_within(self._timeout, "tear_down", lambda: provided.finish(SCOPE, check=check))
        ticket.take_entries(entries, SCOPE, StateGroup("tests", ticket.interaction.states))
