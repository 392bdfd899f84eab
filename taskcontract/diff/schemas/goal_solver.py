"""What the solver of each JSON type asks for the parts of its value: the solver of goals, as they see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from taskcontract.diff.schemas.answers import Answer
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.evaluation import Evaluator
    from taskcontract.diff.schemas.factory import Formulas
    from taskcontract.diff.schemas.formulas import Goal
    from taskcontract.diff.schemas.patterns import Patterns
    from taskcontract.diff.schemas.values import Json


class GoalSolver(Protocol):
    """The search of one comparison: `solver.Solver` is it."""

    formulas: Formulas
    evaluator: Evaluator
    patterns: Patterns
    budget: Budget

    def solve(self, goal: Goal, step: str | int | None = None) -> Answer:
        """Return a value that satisfies the goal, or that there is none, or why neither is known."""
        ...

    def hold_goal(self, goal: Goal, value: Json) -> bool | None:
        """Return whether a value satisfies a whole goal; None where it is not known."""
        ...

    def doubt(self, why: str, value: Json = ...) -> Answer:
        """Return the answer that nothing is known at the present path, and why."""
        ...
