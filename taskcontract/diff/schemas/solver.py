"""Whether any value satisfies a goal: some formulas and the negations of others.

A value is built from the outside in. Each way to satisfy the goal's connectives is a branch; the conditions
of a branch on one JSON type are handed to that type's own solver, which comes back here for the parts of the
value. A goal that is met again inside itself has no value there. That is what makes recursive schemas
decidable, and it is sound: were one of the goals refuted together inhabited after all, take the smallest
value of any of them; the part of it that satisfies the goal it was refuted by is smaller still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import FOUND, MISSING, NO_VALUE, NONE, UNKNOWN, Answer, found, unknown
from taskcontract.diff.schemas.branches import Branch, follow
from taskcontract.diff.schemas.places import render_path
from taskcontract.diff.schemas.values import (
    ARRAY,
    BOOLEAN,
    NULL,
    OBJECT,
    STRING,
    TYPES,
    WHOLE,
    list_spellings,
    take_type,
)
from taskcontract.model.equality import freeze

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.evaluation import Evaluator
    from taskcontract.diff.schemas.factory import Formulas
    from taskcontract.diff.schemas.formulas import Goal, Literal
    from taskcontract.diff.schemas.objects import ObjectSolver
    from taskcontract.diff.schemas.patterns import Patterns
    from taskcontract.diff.schemas.values import Json

UNTAINTED = 1 << 30


class Solver:
    """Answers goals within one comparison, and remembers the answers."""

    def __init__(
        self, formulas: Formulas, evaluator: Evaluator, patterns: Patterns, budget: Budget, types: int
    ) -> None:
        self.formulas = formulas
        self.evaluator = evaluator
        self.patterns = patterns
        self.budget = budget
        self.path: list[str | int] = []
        self._types = types
        self._answers: dict[Goal, Answer] = {}
        self._open: dict[Goal, int] = {}
        # Goals without a value as long as the open goals around them have none, in order.
        self._provisional: dict[Goal, int] = {}
        #: The outermost open goal that the work since the last reset has met again.
        self.taint = UNTAINTED

    def solve(self, goal: Goal, step: str | int | None = None) -> Answer:
        """Find a value that satisfies the goal, prove that there is none, or say why neither is known.

        `step` leads from the value around it to the one asked for; it is told in reasons only.
        """
        goal = frozenset([(follow(formula), sign) for formula, sign in goal])
        known = self._answers.get(goal)
        if known is not None:
            return known
        met = self._open.get(goal, self._provisional.get(goal))
        if met is not None:
            self.taint = min(self.taint, met)
            return NO_VALUE
        outer_taint, self.taint = self.taint, UNTAINTED
        depth = self._open[goal] = len(self._open)
        before = len(self._provisional)
        if step is not None:
            self.path.append(step)
        answer = self._search(goal)
        if step is not None:
            self.path.pop()
        del self._open[goal]
        self._remember(goal, answer, depth, before)
        if answer.status == NONE and self.taint < depth:
            self.taint = min(self.taint, outer_taint)
        else:
            self.taint = outer_taint
        return answer

    def _remember(self, goal: Goal, answer: Answer, depth: int, before: int) -> None:
        if answer.status == NONE and self.taint < depth:
            self._provisional[goal] = self.taint
            return
        while len(self._provisional) > before:
            inner, _ = self._provisional.popitem()
            if answer.status == NONE:
                self._answers[inner] = NO_VALUE
        self._answers[goal] = answer

    def doubt(self, why: str, value: Json = MISSING) -> Answer:
        """Make the answer that nothing is known at the present path, and why."""
        return unknown(f"{render_path(self.path)}: {why}", value)

    def _search(self, goal: Goal) -> Answer:
        self.budget.spend()
        branch = Branch(self.formulas, self._types)
        for formula, sign in goal:
            if not branch.add(formula, sign):
                return NO_VALUE
        doubt: Answer | None = None
        for bit in TYPES:
            if branch.mask & bit:
                typed = branch.copy()
                typed.mask = bit
                answer = self._search_branch(typed, bit, goal)
                if answer.status == FOUND:
                    return answer
                doubt = _prefer(doubt, answer)
        return doubt or NO_VALUE

    def _search_branch(self, branch: Branch, bit: int, goal: Goal) -> Answer:
        self.budget.spend()
        if not branch.propagate():
            return NO_VALUE
        fixed = self._list_values(branch, bit)
        if fixed is not None:
            return self._try_listed(fixed, branch, bit, goal)
        typed = self._open_object(branch) if bit == OBJECT else None
        answer = typed.solve() if typed is not None else self._solve_type(branch, bit)
        if answer.status == NONE:
            return answer
        clause = self._find_open_clause(branch, answer.value)
        if clause is None:
            if answer.status == FOUND and branch.opaque:
                return self.doubt(branch.opaque[0].reason, answer.value)
            return answer
        doubt: Answer | None = None
        for formula, sign in clause:
            if typed is not None and typed.rules_out(formula, sign):
                continue
            narrowed = branch.copy()
            if narrowed.add(formula, sign):
                inner = self._search_branch(narrowed, bit, goal)
                if inner.status == FOUND:
                    return inner
                doubt = _prefer(doubt, inner)
        return doubt or NO_VALUE

    def _list_values(self, branch: Branch, bit: int) -> list[Json] | None:
        """Return the values that are left if they are known and finitely many; else None."""
        for enum, sign in branch.enums:
            if sign:
                return take_type(enum.listed.values(), bit)
        if bit == NULL:
            return [None]
        return [False, True] if bit == BOOLEAN else None

    def _try_listed(self, values: list[Json], branch: Branch, bit: int, goal: Goal) -> Answer:
        answer = self._try_values(values, goal)
        if answer.status != FOUND and bit & (ARRAY | OBJECT) and self._types & WHOLE:
            answer = self._try_spellings(values, goal, answer)
        if answer.status == UNKNOWN and branch.opaque:
            return self.doubt(branch.opaque[0].reason, answer.value)
        return answer

    def _try_values(self, values: list[Json], goal: Goal) -> Answer:
        doubt: Answer | None = None
        for value in values:
            held = self.hold_goal(goal, value)
            if held:
                return found(value)
            if held is None and doubt is None:
                doubt = self.doubt("a condition on a listed value cannot be evaluated", value)
        return doubt or NO_VALUE

    def _try_spellings(self, values: list[Json], goal: Goal, plain: Answer) -> Answer:
        """Try the values again with whole numbers inside written 1 or 1.0: equal, but of different types."""
        for value in values:
            ways = list_spellings(value)
            if ways is None:
                plain = self.doubt("a listed value holds too many whole numbers to write them in all ways")
                continue
            self.budget.spend(len(ways))
            answer = self._try_values(ways, goal)
            if answer.status == FOUND:
                return answer
        return plain

    def hold_goal(self, goal: Goal, value: Json) -> bool | None:
        """Whether a value satisfies a whole goal."""
        known = True
        for formula, sign in goal:
            held = self.evaluator.holds(formula, value)
            if held is None:
                known = False
            elif held is not sign:
                return False
        return True if known else None

    def _open_object(self, branch: Branch) -> ObjectSolver:
        from taskcontract.diff.schemas.objects import ObjectSolver

        return ObjectSolver(self, [(atom, sign) for atom, sign in branch.atoms if atom.TYPE == OBJECT])

    def _solve_type(self, branch: Branch, bit: int) -> Answer:
        atoms = [(atom, sign) for atom, sign in branch.atoms if atom.TYPE & bit]
        if bit == ARRAY:
            from taskcontract.diff.schemas.arrays import solve_array

            return solve_array(self, atoms)
        excluded = [value for enum, sign in branch.enums if not sign for value in enum.listed.values()]
        if bit == STRING:
            from taskcontract.diff.schemas.strings import solve_string

            return solve_string(self, atoms, [value for value in excluded if isinstance(value, str)])
        from taskcontract.diff.schemas.numbers import solve_number

        numbers = [
            value for value in excluded if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        return solve_number(self, bit, atoms, numbers)

    def _find_open_clause(self, branch: Branch, value: Json) -> tuple[Literal, ...] | None:
        if value is MISSING:
            return min(branch.clauses, key=len, default=None)
        for enum, sign in branch.enums:
            if not sign and isinstance(value, list | dict) and freeze(value) in enum.listed:
                return self.formulas.differ_from(value)
        worst: tuple[Literal, ...] | None = None
        for clause in branch.clauses:
            if worst is not None and len(worst) <= len(clause):
                continue
            if not any(self.evaluator.holds(formula, value) is sign for formula, sign in clause):
                worst = clause
        return worst


def _prefer(doubt: Answer | None, answer: Answer) -> Answer | None:
    if answer.status != UNKNOWN:
        return doubt
    return answer if doubt is None or (doubt.value is MISSING and answer.value is not MISSING) else doubt
