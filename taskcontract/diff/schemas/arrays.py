"""An array that satisfies conditions on its items, their number and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.answers import FOUND, MISSING, NO_VALUE, NONE, UNKNOWN, Answer, found
from taskcontract.diff.schemas.array_conditions import ArrayConditions, Wish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.formulas import Formula, Literal
    from taskcontract.diff.schemas.goal_solver import GoalSolver
    from taskcontract.diff.schemas.values import Json

#: A longer array is not built to be shown; more counted items than this are not placed one by one, and
#: among more places than this no two equal items are looked for.
LONGEST, MOST_COUNTED, MOST_PLACES = 2_000, 24, 64


def solve_array(solver: GoalSolver, atoms: Sequence[tuple[Assertion, bool]]) -> Answer:
    """Find an array that satisfies the assertions."""
    conditions = ArrayConditions(atoms)
    if conditions.impossible:
        return NO_VALUE
    return _ArraySolver(solver, conditions).solve()


class _ArraySolver:
    def __init__(self, solver: GoalSolver, conditions: ArrayConditions) -> None:
        self._solver = solver
        self._is = conditions
        self._doubt: Answer | None = None

    def _note(self, answer: Answer) -> None:
        if self._doubt is None or (self._doubt.value is MISSING and answer.value is not MISSING):
            self._doubt = answer

    def _bind(self, index: int, extra: tuple[Literal, ...] = ()) -> frozenset[Literal]:
        """Return the conditions on the item at this index."""
        found_literals = [*extra, *self._is.at.get(index, ()), *self._is.fixed.get(index, ())]
        found_literals.extend(literal for first, literal in self._is.since if index >= first)
        return frozenset(found_literals)

    def _solve_item(self, index: int, extra: tuple[Literal, ...] = ()) -> Answer:
        return self._solver.solve(self._bind(index, extra), index)

    def solve(self) -> Answer:
        conditions = self._is
        wishes = list(conditions.wishes)
        for group, (count, part) in enumerate(conditions.counted):
            if self._exceeds_cap(count, part):
                return NO_VALUE
            if count > MOST_COUNTED:
                self._note(self._solver.doubt(f"{count} items of one kind are too many to place"))
                if (
                    self._solve_item(conditions.leading, ((part, True),)).status == NONE
                    and not conditions.leading
                ):
                    return NO_VALUE
                return cast("Answer", self._doubt)
            wishes.extend(Wish(0, (part, True), group) for _ in range(count))
        needed = max([index + 1 for index in conditions.fixed] + [conditions.least])
        if conditions.most is not None and needed > conditions.most:
            return NO_VALUE
        for placed in self._place(wishes, {}, {}, 0):
            answer = self._complete(placed, needed)
            if answer.status == FOUND:
                return answer
            if answer.status == UNKNOWN:
                self._note(answer)
        return self._doubt or NO_VALUE

    def _exceeds_cap(self, count: int, part: Formula) -> bool:
        """Whether more items must be of one kind than may be of a kind around it."""
        for cap, around in self._is.capped:
            if count > cap:
                literals = [literal for first, literal in self._is.since if first == 0]
                if self._solver.solve(frozenset([*literals, (part, True), (around, False)])).status == NONE:
                    return True
        return False

    # Wishes, one after the other: each is granted by one item

    def _place(
        self,
        wishes: list[Wish],
        extra: dict[int, tuple[Literal, ...]],
        groups: dict[int, int],
        at: int,
    ) -> Iterator[dict[int, tuple[Literal, ...]]]:
        self._solver.budget.spend()
        if at == len(wishes):
            yield extra
            return
        wish = wishes[at]
        leading = self._is.leading
        # Beyond the leading items all places are alike: those in use, and the next one.
        last = max([leading - 1, *extra]) + 1
        # Wishes of one group are alike, so that they may be granted from left to right.
        for index in range(max(wish.first, groups.get(wish.group, -1) + 1), last + 1):
            if self._is.most is not None and index >= self._is.most:
                return
            literals = (*extra.get(index, ()), wish.literal)
            if self._solve_item(index, literals).status == NONE:
                continue
            yield from self._place(wishes, {**extra, index: literals}, {**groups, wish.group: index}, at + 1)

    def _complete(self, extra: dict[int, tuple[Literal, ...]], needed: int) -> Answer:
        length = max([needed, *(index + 1 for index in extra)])
        if self._is.twins:
            return self._complete_twins(extra, length)
        if length > LONGEST:
            return self._solve_long(extra, length)
        return self._build([(index, extra.get(index, ())) for index in range(length)])

    def _solve_long(self, extra: dict[int, tuple[Literal, ...]], length: int) -> Answer:
        for index in range(min(length, self._is.leading + 1)):
            answer = self._solve_item(index, extra.get(index, ()))
            if answer.status == NONE:
                return answer
        return self._solver.doubt(f"an array of {length} items is too long to be built")

    def _complete_twins(self, extra: dict[int, tuple[Literal, ...]], length: int) -> Answer:
        """Two items are equal: every pair of places is tried, those beyond the leading and used ones once."""
        last = max([self._is.leading - 1, *extra]) + 2
        doubt: Answer | None = None
        if last > MOST_PLACES or length > LONGEST:
            return self._solver.doubt("the array is too long to look for equal items")
        for second in range(1, last + 1):
            if self._is.most is not None and second >= self._is.most:
                break
            for first in range(second):
                both = tuple(
                    self._bind(first, extra.get(first, ())) | self._bind(second, extra.get(second, ()))
                )
                if self._solver.solve(frozenset(both), first).status == NONE:
                    continue
                shared = {**extra, first: both, second: both}
                answer = self._build(
                    [(index, shared.get(index, ())) for index in range(max(length, second + 1))]
                )
                if answer.status == FOUND:
                    items = cast("list[Json]", answer.value)
                    return found([*items[:second], items[first], *items[second + 1 :]])
                doubt = answer if answer.status == UNKNOWN else doubt
        return doubt or NO_VALUE

    # The items

    def _build(self, places: list[tuple[int, tuple[Literal, ...]]]) -> Answer:
        if self._is.unique and len(places) > 1:
            return self._build_distinct(places)
        items: list[Json] = []
        doubt: Answer | None = None
        for index, extra in places:
            answer = self._solve_item(index, self._avoid_caps(index, extra))
            if answer.status == NONE:
                return answer
            if answer.status == UNKNOWN and (doubt is None or answer.value is MISSING):
                doubt = answer
            items.append(answer.value)
        if doubt is None:
            return self._check_caps(items)
        return doubt._replace(value=MISSING if MISSING in items else items)

    def _build_distinct(self, places: list[tuple[int, tuple[Literal, ...]]]) -> Answer:
        make = self._solver.formulas
        # With equal conditions the order of the places does not matter: of enough different items one is
        # always left that has not been chosen yet.
        alike = len({self._bind(index, extra) for index, extra in places}) == 1
        items: list[Json] = []
        for index, extra in places:
            literals = self._avoid_caps(index, extra)
            others: tuple[Literal, ...] = ((make.one_value_of(items), False),) if items else ()
            answer = self._solve_item(index, (*literals, *others))
            if answer.status == NONE:
                free = self._solve_item(index, extra)
                if free.status == NONE or (alike and not self._is.capped):
                    return answer
                return self._solver.doubt("whether enough different items exist is not known")
            if answer.status == UNKNOWN:
                return answer._replace(value=MISSING)
            items.append(answer.value)
        return self._check_caps(items)

    def _avoid_caps(self, index: int, extra: tuple[Literal, ...]) -> tuple[Literal, ...]:
        """Items that need not count towards a cap had better not."""
        for _, part in self._is.capped:
            outside = (*extra, (part, False))
            if self._solve_item(index, outside).status == FOUND:
                extra = outside
        return extra

    def _check_caps(self, items: list[Json]) -> Answer:
        for cap, part in self._is.capped:
            held = [self._solver.evaluator.holds(part, item) for item in items]
            if held.count(True) + held.count(None) > cap:
                return self._refute_caps(cap, part, items)
        return found(items)

    def _refute_caps(self, cap: int, part: Formula, items: list[Json]) -> Answer:
        forced = sum(self._solve_item(index, ((part, False),)).status == NONE for index in range(len(items)))
        if forced > cap and len(items) == self._is.least:
            return NO_VALUE
        return self._solver.doubt("how many items are of one kind cannot be told", items)
