"""What an interaction's states touch, and whether it may run beside others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.contract import Interaction, ProviderState
    from taskcontract.verification.states.worker_capabilities import StateCapability, WorkerCapabilities

__all__ = ["EVERYTHING", "Claim", "Claims", "claim_of"]

Claim = frozenset[str] | None
EVERYTHING: Claim = None
"""The claim of a state that does not say what it touches."""


def claim_of(interaction: Interaction, capabilities: WorkerCapabilities) -> Claim:
    """Return the names of all that the states of `interaction` touch: none without states."""
    names: set[str] = set()
    for state in interaction.states:
        declared = capabilities.find_state(state.name)
        touched = _touched_by(state, declared) if declared else EVERYTHING
        if touched is None:
            return EVERYTHING
        names |= touched
    return frozenset(names)


def _touched_by(state: ProviderState, declared: StateCapability) -> Claim:
    if declared.touches is None:
        return EVERYTHING
    values = {**declared.defaults, **{name: str(value) for name, value in state.params.items()}}
    try:
        return frozenset(name.format_map(values) for name in declared.touches)
    except (KeyError, ValueError):  # a parameter is missing: the set-up will say so
        return EVERYTHING


class Claims:
    """What is touched just now, by how many interactions. One that claims nothing counts too."""

    def __init__(self) -> None:
        self._names: Counter[str] = Counter()
        self._all = 0
        self.holders = 0

    def admits(self, claim: Claim) -> bool:
        """Return whether an interaction with `claim` may run beside those that hold one."""
        if claim is None:
            return not self.holders
        return not self._all and not any(self._names[name] for name in claim)

    def add(self, claim: Claim) -> None:
        """Note that an interaction holds `claim`."""
        self.holders += 1
        self._count(claim, 1)

    def remove(self, claim: Claim) -> None:
        """Note that it holds it no more."""
        self.holders -= 1
        self._count(claim, -1)

    def _count(self, claim: Claim, step: int) -> None:
        if claim is None:
            self._all += step
        else:
            for name in claim:
                self._names[name] += step
