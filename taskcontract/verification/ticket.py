"""One interaction on its way through the verifier."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from taskcontract.verification.outcome import Fault, StateRun, Times

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Contract, Interaction, ProviderState
    from taskcontract.verification.outcome import Reply, Sent
    from taskcontract.verification.states.state_claims import Claim
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities

__all__ = ["Step", "Ticket", "issue_tickets"]

WORDS = {
    "set_up": "could not be set up",
    "check": "does not find what the call should have done",
    "tear_down": "could not be torn down",
}


class Step(Enum):
    """Where an interaction stands."""

    WAITING = "waiting"
    SET_UP = "set up"
    SENT = "sent"
    FINISH = "finish"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class StateGroup:
    """States that follow each other and are brought about in the same place."""

    where: str
    states: tuple[ProviderState, ...]


@dataclass(eq=False, slots=True)
class Ticket:
    """One interaction on its way: what was sent and came back, and what is wrong with its states.

    `group` is the number of groups of states that are set up, wholly or in part.
    """

    consumer: str
    provider: str
    interaction: Interaction
    file: str = ""
    step: Step = Step.WAITING
    sent: Sent | None = None
    ahead: Sent | None = None
    """What was sent before its turn, for the worker to hold; it is `sent` when it may run."""
    reply: Reply | None = None
    fault: Fault | None = None
    state_faults: list[Fault] = field(default_factory=list)
    runs: dict[tuple[int, int], StateRun] = field(default_factory=dict)
    claim: Claim = frozenset()
    groups: tuple[StateGroup, ...] = ()
    group: int = 0
    scopes: list[int] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)
    """What its states hand out for arguments."""
    asked: float = 0.0
    """When it was planned or asked for; like all that follow by the clock that only goes forward."""
    began: float = 0.0
    wall: float = 0.0
    step_began: float = 0.0
    replied: float = 0.0
    sent_at: float = 0.0

    @property
    def done(self) -> bool:
        """Whether there is nothing left to wait for."""
        return self.step is Step.DONE

    @property
    def faults(self) -> list[Fault]:
        """All that is wrong apart from the reply itself."""
        return ([self.fault] if self.fault is not None else []) + self.state_faults

    @property
    def times(self) -> Times:
        """How long its parts took."""
        return Times(
            began=self.wall,
            waited=max(self.began - self.asked, 0.0) if self.began and self.asked else 0.0,
            states=sum(run.set_up + run.tear_down for run in self.runs.values()),
            call=max(self.replied - self.sent_at, 0.0) if self.replied else 0.0,
        )

    def enter(self, step: Step) -> None:
        """Go on to `step`."""
        self.step = step
        self.step_began = time.monotonic()

    def begin(self, capabilities: WorkerCapabilities) -> None:
        """Note that its turn has come, and where its states are brought about."""
        self.began, self.wall = time.monotonic(), time.time()
        self.groups = _group_states(self.interaction, capabilities)

    def may_be_held(self, capabilities: WorkerCapabilities) -> bool:
        """Return whether its message may wait in the worker: its states are all set up there, at once.

        What they hand out must not be in it.
        """
        groups = _group_states(self.interaction, capabilities)
        return [group.where for group in groups] == ["worker"] and not any(
            generator.kind == "ProviderState" for generator in self.interaction.generators
        )

    def reset(self) -> None:
        """Forget all that happened, to begin again on another worker."""
        self.step = Step.WAITING
        self.sent = self.ahead = self.reply = self.fault = None
        self.group = 0
        for each in (self.state_faults, self.runs, self.scopes, self.values):
            each.clear()

    def take_entries(self, entries: list[dict[str, Any]], scope: int, group: StateGroup) -> bool:
        """Note how the states of a group fared, as the place where they run says; whether all is well."""
        before = len(self.state_faults)
        for entry in entries:
            step, number = entry["step"], entry["number"]
            self.values |= entry.get("values", {})
            fault = None
            if entry["error"] is not None:
                subject = "the states" if number is None else f"the state {group.states[number].name!r}"
                fault = Fault(f"{subject} {WORDS[step]}: {entry['error']}", trace=entry["trace"])
                self.state_faults.append(fault)
            if number is not None:
                state = group.states[number]
                run = self.runs.get((scope, number)) or StateRun(state.name, state.params, group.where)
                spent = {step: getattr(run, step) + entry["seconds"]} if step != "check" else {}
                self.runs[scope, number] = replace(run, fault=run.fault or fault, **spent)
        return len(self.state_faults) == before


def _group_states(interaction: Interaction, capabilities: WorkerCapabilities) -> tuple[StateGroup, ...]:
    def where(state: ProviderState) -> str:
        declared = capabilities.find_state(state.name)
        return declared.where if declared else "worker"

    return tuple(StateGroup(place, tuple(states)) for place, states in groupby(interaction.states, where))


def issue_tickets(contract: Contract, file: str = "") -> list[Ticket]:
    """Return a ticket for each interaction of `contract`, to be replayed in any order."""
    return [Ticket(contract.consumer, contract.provider, each, file) for each in contract.interactions]
