"""An object that satisfies conditions on its names, its members and its size."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import FOUND, MISSING, NO_VALUE, NONE, UNKNOWN, Answer, found
from taskcontract.diff.schemas.assertions import Property
from taskcontract.diff.schemas.new_names import NewNames, list_patterns
from taskcontract.diff.schemas.object_conditions import ObjectConditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.formulas import Formula, Literal
    from taskcontract.diff.schemas.goal_solver import GoalSolver
    from taskcontract.diff.schemas.new_names import Members
    from taskcontract.diff.schemas.object_conditions import Wish
    from taskcontract.diff.schemas.values import Json

#: A larger object is not built to be shown.
MOST_SIZE = 2_000


class ObjectSolver:
    """The search for an object that satisfies atoms."""

    def __init__(self, solver: GoalSolver, atoms: Sequence[tuple[Assertion, bool]]) -> None:
        self._solver = solver
        self._is = ObjectConditions(atoms)
        self._doubt: Answer | None = None
        self._names = NewNames(solver, self._is, self._solve_member, self._note)

    def rules_out(self, formula: Formula, sign: bool) -> bool:
        """Whether it is plain that no such object also satisfies this literal."""
        if sign or not isinstance(formula, Property):
            return False
        extra = (*self._is.required.get(formula.name, ()), (formula.part, False))
        return self._solve_member(formula.name, extra).status == NONE

    def solve(self) -> Answer:
        """Such an object, or the proof that there is none."""
        conditions = self._is
        most = conditions.most
        if not conditions.forbidden.isdisjoint(conditions.required) or (
            most is not None and conditions.least > most
        ):
            return NO_VALUE
        # Those with conditions of their own first: they are the ones that can fail.
        for name, extra in sorted(conditions.required.items(), key=lambda item: not item[1]):
            if self._solve_member(name, tuple(extra)).status == NONE:
                return NO_VALUE
        bound = {name: tuple(extra) for name, extra in conditions.required.items()}
        for plan in self._grant(bound, 0):
            answer = self._complete(plan)
            if answer.status == FOUND:
                return answer
            if answer.status == UNKNOWN:
                self._note(answer)
        return self._doubt or NO_VALUE

    def _note(self, answer: Answer) -> None:
        if self._doubt is None or (self._doubt.value is MISSING and answer.value is not MISSING):
            self._doubt = answer

    # The value of a member

    def _bind(self, name: str) -> tuple[list[Literal], bool]:
        """Return the conditions on the value under this name, and whether no others are possible."""
        literals = list(self._is.named.get(name, ()))
        certain = True
        for selector in self._is.selectors:
            selected = self._solver.evaluator.selects(selector, name)
            if selected:
                literals.append((selector.part, True))
            elif selected is None:
                certain = False
        return literals, certain

    def _allow(self, name: str, extra: tuple[Literal, ...] = ()) -> bool | None:
        """Whether the name satisfies what all names are bound to."""
        if name in self._is.forbidden:
            return False
        return self._solver.hold_goal(frozenset((*self._is.names, *extra)), name)

    def _solve_member(
        self, name: str, extra: tuple[Literal, ...], naming: tuple[Literal, ...] = ()
    ) -> Answer:
        allowed = self._allow(name, naming)
        if allowed is False:
            return NO_VALUE
        literals, certain = self._bind(name)
        answer = self._solver.solve(frozenset((*literals, *extra)), name)
        if answer.status == FOUND and not (allowed and certain):
            return self._solver.doubt(f"whether {name!r} is allowed here is not known", answer.value)
        return answer

    # Wishes, one after the other: each is granted by a known name or by a fresh one

    def _grant(self, bound: Members, at: int) -> Iterator[Members]:
        self._solver.budget.spend()
        most = self._is.most
        if most is not None and len(bound) > most:
            return
        if at == len(self._is.wishes):
            yield bound
            return
        wish = self._is.wishes[at]
        names = [*bound, *(name for name in self._is.mentioned if name not in bound)]
        for name in names:
            if self._could_grant(wish, name):
                extra = (*bound.get(name, ()), *((wish.value,) if wish.value else ()))
                naming = (wish.name,) if wish.name else ()
                answer = self._solve_member(name, extra, naming)
                if answer.status != NONE:
                    yield from self._grant({**bound, name: extra}, at + 1)
        extra = (wish.value,) if wish.value else ()
        # A name that is settled on here may be the one that a later wish has to share or cannot have.
        for name in self._names.find(bound, wish, extra, self._is.wishes[at + 1 :]):
            yield from self._grant({**bound, name: extra}, at + 1)

    def _could_grant(self, wish: Wish, name: str) -> bool:
        if name in self._is.forbidden:
            return False
        if wish.selector is not None:
            selected = self._solver.evaluator.selects(wish.selector, name)
            if selected is None:
                self._note(self._solver.doubt(f"which conditions apply to {name!r} is not known"))
            if not selected:
                return False
        return True

    # The rest of the object

    def _complete(self, plan: Members) -> Answer:
        bound = dict(plan)
        if self._is.least > MOST_SIZE:
            return self._solver.doubt(f"an object of {self._is.least} properties is too large to be built")
        if len(bound) < self._is.least:
            self._fill(bound)
        if len(bound) < self._is.least:
            return self._doubt or NO_VALUE
        members: dict[str, Json] = {}
        doubt: Answer | None = None
        for name, extra in bound.items():
            answer = self._solve_member(name, extra)
            if answer.status == NONE:
                return answer
            if answer.status == UNKNOWN and (doubt is None or answer.value is MISSING):
                doubt = answer
            members[name] = answer.value
        if doubt is None:
            return found(members)
        return doubt._replace(value=MISSING if MISSING in members.values() else members)

    def _fill(self, bound: Members) -> None:
        for name in self._is.mentioned:
            if len(bound) >= self._is.least:
                return
            if name not in bound and name not in self._is.forbidden:
                answer = self._solve_member(name, ())
                if answer.status == FOUND:
                    bound[name] = ()
                elif answer.status == UNKNOWN:
                    self._note(answer._replace(value=MISSING))
        while len(bound) < self._is.least:
            fresh = next(self._names.find(bound, None, ()), None)
            if fresh is None:
                return
            bound[fresh] = ()
            if not self._is.names and not any(map(list_patterns, self._is.selectors)):
                # Where nothing tells names apart, what one new name is good for, others are too.
                taken = {*bound, *self._is.mentioned}
                spare = (name for name in map("p{}".format, count(1)) if name not in taken)
                bound.update(dict.fromkeys(islice(spare, max(0, self._is.least - len(bound))), ()))
