"""New names of properties: those that no condition on an object mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from taskcontract.diff.schemas.answers import FOUND, MISSING, NONE, UNKNOWN
from taskcontract.diff.schemas.assertions import LengthAtLeast, Matches, MatchingProperties, Properties
from taskcontract.diff.schemas.values import STRING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskcontract.diff.schemas.answers import Answer
    from taskcontract.diff.schemas.formulas import Formula, Goal, Literal
    from taskcontract.diff.schemas.goal_solver import GoalSolver
    from taskcontract.diff.schemas.object_conditions import ObjectConditions, Selector, Wish
    from taskcontract.diff.schemas.values import Json

    #: Names that are settled on, each with what its value is bound to beyond what every value is.
    Members: TypeAlias = dict[str, tuple[Literal, ...]]

#: The ways to match more patterns than this are not told apart.
MOST_PATTERNS = 24


class NewNames:
    """The search for names that an object may have beside those that its conditions mention.

    `solve_member` finds a value under a name, `note` keeps an answer that nothing is known.
    """

    def __init__(
        self,
        solver: GoalSolver,
        conditions: ObjectConditions,
        solve_member: Callable[[str, tuple[Literal, ...]], Answer],
        note: Callable[[Answer], None],
    ) -> None:
        self._solver = solver
        self._is = conditions
        self._solve_member = solve_member
        self._note = note

    def find(
        self, bound: Members, wish: Wish | None, extra: tuple[Literal, ...], later: Sequence[Wish] = ()
    ) -> Iterator[str]:
        """Yield new names under which a value is possible; where it matters, one of each kind.

        Names are of one kind when the patterns, and the later wishes, treat them alike.
        """
        if self._solver.solve(frozenset((*self._bind_alike(wish), *extra))).status == NONE:
            return
        goal = self._name_goal(bound, wish)
        kinds = self._tell_kinds([*self._is.selectors, *(each.selector for each in later)])
        kinds += [each.name[0] for each in later if each.name is not None]
        first = self._solver.solve(goal)
        if first.status == NONE:
            return
        if first.value == "":
            # An empty name is right, but a reader takes it for a mistake.
            longer = self._solver.solve(goal | {(self._solver.formulas.make(LengthAtLeast, 1), True)})
            first = longer if longer.status == FOUND else first
        if first.status == FOUND and not later:
            name = cast("str", first.value)
            if self._solve_member(name, extra).status == FOUND:
                yield name
                return
        if not kinds and first.status == FOUND:
            answer = self._solve_member(cast("str", first.value), extra)
            if answer.status == UNKNOWN:
                self._note(answer)
            if answer.value is not MISSING:
                yield cast("str", first.value)
            return
        if len(kinds) > MOST_PATTERNS:
            self._note(self._solver.doubt("the patterns of properties are too many to combine"))
            return
        yield from self._split_names(goal, kinds, extra)

    def _tell_kinds(self, selectors: Sequence[Selector | None]) -> list[Formula]:
        patterns = sorted({pattern for selector in selectors for pattern in list_patterns(selector)})
        return [self._solver.formulas.make(Matches, pattern) for pattern in patterns]

    def _split_names(self, goal: Goal, kinds: list[Formula], extra: tuple[Literal, ...]) -> Iterator[str]:
        if not kinds:
            answer = self._solver.solve(goal)
            if answer.status == UNKNOWN:
                self._note(self._solver.doubt(answer.reason.partition(": ")[2]))
            if answer.status == FOUND:
                name = cast("str", answer.value)
                member = self._solve_member(name, extra)
                if member.status == UNKNOWN:
                    self._note(self._solver.doubt(member.reason.partition(": ")[2]))
                if member.status == FOUND:
                    yield name
            return
        for sign in (False, True):
            narrowed = goal | {(kinds[0], sign)}
            if self._solver.solve(narrowed).status != NONE:
                yield from self._split_names(narrowed, kinds[1:], extra)

    def _name_goal(self, bound: Members, wish: Wish | None) -> Goal:
        make = self._solver.formulas
        literals: list[tuple[Formula, bool]] = [(make.type_is(STRING), True), *self._is.names]
        taken: list[Json] = list(dict.fromkeys((*bound, *self._is.mentioned)))
        literals.append((make.one_value_of(taken), False))
        if wish is not None and wish.name is not None:
            literals.append(wish.name)
        if wish is not None and isinstance(wish.selector, Properties):
            literals.extend(
                (make.make(Matches, pattern), False) for pattern in sorted(wish.selector.patterns)
            )
        elif wish is not None and isinstance(wish.selector, MatchingProperties):
            literals.append((make.make(Matches, wish.selector.pattern), True))
        return frozenset(literals)

    def _bind_alike(self, wish: Wish | None) -> list[Literal]:
        """Return the conditions on a value under any new name that the wish's selector speaks of."""
        wanted = wish.selector if wish is not None else None
        return [
            (selector.part, True)
            for selector in self._is.selectors
            if (isinstance(selector, Properties) and not selector.patterns)
            or (
                isinstance(selector, MatchingProperties)
                and isinstance(wanted, MatchingProperties)
                and selector.pattern == wanted.pattern
            )
            or (
                isinstance(selector, Properties)
                and isinstance(wanted, Properties)
                and selector.patterns <= wanted.patterns
            )
        ]


def list_patterns(selector: Selector | None) -> frozenset[str]:
    """Return the patterns that decide which properties a selector speaks of."""
    if selector is None:
        return frozenset()
    return selector.patterns if isinstance(selector, Properties) else frozenset((selector.pattern,))
