"""What all proofs of one command may take together."""

from __future__ import annotations

__all__ = ["STEPS", "STEPS_A_TASK", "ProofBudget"]

STEPS = 2_000_000
"""Some ten seconds of an engine: what one hostile file may cost."""

STEPS_A_TASK = 20_000
"""What each changed task adds, so that no honest spec is too large: it takes half if all types change."""


class ProofBudget:
    """A count of steps that the engines share: once it is used up, nothing more is proved.

    Steps and not seconds: on a slow machine, too, the same specs give the same findings. `steps` limits
    them whatever there is to compare; without it the budget grows with the tasks that changed.
    """

    __slots__ = ("_grows", "left_undecided", "refused", "spent", "steps")

    def __init__(self, steps: int | None = None) -> None:
        self.steps = STEPS if steps is None else steps
        self._grows = steps is None
        self.spent = 0
        self.refused = 0
        """Questions that were not answered, or not to the end."""
        self.left_undecided = 0
        """Signatures and types that have a question among those."""

    @property
    def remaining(self) -> int:
        """Steps that may still be taken."""
        return max(0, self.steps - self.spent)

    @property
    def used_up(self) -> bool:
        """Whether nothing more can be asked."""
        return self.spent >= self.steps

    def grow(self) -> None:
        """Add what one more changed task may take."""
        if self._grows and not self.used_up:
            self.steps += STEPS_A_TASK

    def spend(self, steps: int) -> None:
        """Count what a question took."""
        self.spent += steps

    def refuse(self) -> str:
        """Count a question that stays open, and return the reason."""
        self.refused += 1
        return f"the budget of {self.steps:,} steps for all proofs is used up"
