"""The factory of formulas: equal parts of two schemas become one object."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from taskcontract.diff.schemas.formulas import FALSE, TRUE, AllOf, AnyOf, Not, OneOf, OneValueOf, TypeIs
from taskcontract.diff.schemas.values import ANY
from taskcontract.model.equality import freeze

if TYPE_CHECKING:
    from collections.abc import Hashable

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.formulas import Formula, Literal
    from taskcontract.diff.schemas.values import Json


class Formulas:
    """The factory of one comparison: equal arguments give the same object."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._made: dict[Hashable, Formula] = {}

    def make(self, kind: type[Formula], *arguments: Any) -> Formula:
        """Return the one formula of this kind with these (hashable) arguments."""
        key = (kind, *arguments)
        found = self._made.get(key)
        if found is None:
            self.budget.spend()
            found = self._made[key] = kind(*arguments)
        return found

    def type_is(self, mask: int) -> Formula:
        """Return the condition that a value has one of the types in `mask`."""
        if mask == ANY:
            return TRUE
        return self.make(TypeIs, mask) if mask else FALSE

    def one_value_of(self, values: list[Json]) -> Formula:
        """Return the condition that a value equals one of `values`."""
        return self._list_values({freeze(value): value for value in values})

    def _list_values(self, listed: dict[Hashable, Json]) -> Formula:
        if not listed:
            return FALSE
        key = (OneValueOf, frozenset(listed))
        found = self._made.get(key)
        if found is None:
            self.budget.spend(1 + len(listed) // 4)
            found = self._made[key] = OneValueOf(listed)
        return found

    def all_of(self, *parts: Formula) -> Formula:
        """Return the conjunction of `parts`, simplified."""
        kept: dict[Formula, None] = {}
        for part in parts:
            for inner in part.parts if isinstance(part, AllOf) else (part,):
                if inner is FALSE:
                    return FALSE
                if inner is not TRUE:
                    kept[inner] = None
        if len(kept) > 1:
            kept = self._limit_values(kept)
        if len(kept) < 2:
            return next(iter(kept), TRUE)
        made = self._unordered(AllOf, tuple(kept))
        return made if made.may else FALSE

    def any_of(self, *parts: Formula) -> Formula:
        """Return the disjunction of `parts`, simplified."""
        kept: dict[Formula, None] = {}
        for part in parts:
            for inner in part.parts if isinstance(part, AnyOf) else (part,):
                if inner is TRUE:
                    return TRUE
                if inner is not FALSE:
                    kept[inner] = None
        if len(kept) > 1:
            kept = self._join_values(kept)
        if len(kept) < 2:
            return next(iter(kept), FALSE)
        made = self._unordered(AnyOf, tuple(kept))
        return TRUE if made.must == ANY else made

    def one_of(self, *parts: Formula) -> Formula:
        """Return the condition that exactly one of `parts` holds, simplified."""
        kept = tuple(part for part in parts if part is not FALSE)
        if len(kept) < 2:
            return kept[0] if kept else FALSE
        lists = [part for part in kept if isinstance(part, OneValueOf)]
        counts = Counter(key for part in lists for key in part.listed)
        once = {key: value for part in lists for key, value in part.listed.items() if counts[key] == 1}
        if len(lists) == len(kept):
            return self._list_values(once)
        if len(lists) > 1 and len(once) == len(counts):
            # As long as no value is listed twice, one list of them all says the same.
            kept = (self._list_values(once), *(part for part in kept if not isinstance(part, OneValueOf)))
        seen = 0
        for part in kept:
            if seen & part.may:
                return self.make(OneOf, kept)
            seen |= part.may
        return self.any_of(*kept)

    def _join_values(self, parts: dict[Formula, None]) -> dict[Formula, None]:
        """Alternatives, those that list values made into one list."""
        lists = [part for part in parts if isinstance(part, OneValueOf)]
        if len(lists) < 2:
            return parts
        listed = {key: value for part in lists for key, value in part.listed.items()}
        kept: dict[Formula, None] = {self._list_values(listed): None}
        kept.update((part, None) for part in parts if not isinstance(part, OneValueOf))
        return kept

    def _limit_values(self, parts: dict[Formula, None]) -> dict[Formula, None]:
        """Conditions, a type left out where all listed values are of it."""
        lists = [part for part in parts if isinstance(part, OneValueOf)]
        if not lists:
            return parts
        return {
            part: None
            for part in parts
            if not isinstance(part, TypeIs) or any(listed.may & ~part.mask for listed in lists)
        }

    def negate(self, part: Formula) -> Formula:
        """Return the negation of `part`, simplified."""
        if part is TRUE:
            return FALSE
        if part is FALSE:
            return TRUE
        return part.part if isinstance(part, Not) else self.make(Not, part)

    def differ_from(self, value: Json) -> tuple[Literal, ...]:
        """Return the ways to differ from an array or an object, one of which a value must take."""
        from taskcontract.diff.schemas import assertions as atoms

        ways: list[tuple[Formula, bool]] = []
        if isinstance(value, list):
            ways.append((self.make(atoms.ItemsAtLeast, len(value) + 1, self.type_is(255)), True))
            if value:
                ways.append((self.make(atoms.ItemsAtLeast, len(value), self.type_is(255)), False))
            for at, item in enumerate(value):
                ways.append((self.make(atoms.ItemAt, at, self.one_value_of([item])), False))
        else:
            ways.append((self.make(atoms.Properties, frozenset(value), frozenset(), self.type_is(0)), False))
            for name, member in value.items():
                ways.append((self.make(atoms.Has, name), False))
                ways.append((self.make(atoms.Property, name, self.one_value_of([member])), False))
        return tuple(ways)

    def _unordered(self, kind: type[AllOf] | type[AnyOf], parts: tuple[Formula, ...]) -> Formula:
        key = (kind, frozenset(parts))
        found = self._made.get(key)
        if found is None:
            self.budget.spend(1 + len(parts) // 4)
            found = self._made[key] = kind(parts)
        return found
