"""The steps and the time that one comparison may spend."""

from __future__ import annotations

from time import thread_time

#: How many steps pass between two looks at the clock.
CLOCK_EVERY = 256


class BudgetSpentError(Exception):
    """Control flow: the comparison has used up its steps or its time. Never leaves the package."""


class Budget:
    """A count of steps, checked by `spend`, and a deadline for steps that take longer than they should.

    The deadline is in seconds of the processor: that others keep the machine busy decides nothing. A budget
    that ends by it counts as spent whole.
    """

    __slots__ = ("_deadline", "_next_look", "_seconds", "_steps", "spent")

    def __init__(self, seconds: float, steps: int) -> None:
        self._seconds = seconds
        self._deadline = thread_time() + seconds
        self._steps = steps
        self._next_look = CLOCK_EVERY
        self.spent = 0

    def spend(self, steps: int = 1) -> None:
        """Count `steps`; raises BudgetSpentError once there are none, or no time, left."""
        self.spent += steps
        if self.spent >= self._next_look:
            self._next_look = self.spent + CLOCK_EVERY
            if self.spent > self._steps:
                raise BudgetSpentError(f"the comparison needs more than {self._steps} steps")
            if thread_time() > self._deadline:
                self.spent = self._steps + 1
                raise BudgetSpentError(f"the comparison needs more than {self._seconds:g} seconds")
