"""The factory of formulas: equal parts of two schemas become one object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.diff.schemas.formulas import FALSE, TRUE, AllOf, AnyOf, Not, OneOf, OneValueOf, TypeIs
from taskcontract.diff.schemas.values import ANY, freeze

if TYPE_CHECKING:
    from collections.abc import Hashable

    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.values import Json


class Formulas:
    """The factory of one comparison: equal arguments give the same object."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Formula] = {}

    def make(self, kind: type[Formula], *arguments: Any) -> Formula:
        """The one atom of this kind with these (hashable) arguments."""
        key = (kind, *arguments)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = kind(*arguments)
        return found

    def type_is(self, mask: int) -> Formula:
        if mask == ANY:
            return TRUE
        return self.make(TypeIs, mask) if mask else FALSE

    def one_value_of(self, values: list[Json]) -> Formula:
        distinct = {freeze(value): value for value in values}
        if not distinct:
            return FALSE
        keys = frozenset(distinct)
        key = (OneValueOf, keys)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = OneValueOf(keys, tuple(distinct.values()))
        return found

    def all_of(self, *parts: Formula) -> Formula:
        kept: dict[Formula, None] = {}
        for part in parts:
            for inner in part.parts if isinstance(part, AllOf) else (part,):
                if inner is FALSE:
                    return FALSE
                if inner is not TRUE:
                    kept[inner] = None
        if len(kept) < 2:
            return next(iter(kept), TRUE)
        made = self._unordered(AllOf, tuple(kept))
        return made if made.may else FALSE

    def any_of(self, *parts: Formula) -> Formula:
        kept: dict[Formula, None] = {}
        for part in parts:
            for inner in part.parts if isinstance(part, AnyOf) else (part,):
                if inner is TRUE:
                    return TRUE
                if inner is not FALSE:
                    kept[inner] = None
        if len(kept) < 2:
            return next(iter(kept), FALSE)
        made = self._unordered(AnyOf, tuple(kept))
        return TRUE if made.must == ANY else made

    def one_of(self, *parts: Formula) -> Formula:
        kept = tuple(part for part in parts if part is not FALSE)
        if len(kept) < 2:
            return kept[0] if kept else FALSE
        apart = all(one.may & other.may == 0 for at, one in enumerate(kept) for other in kept[:at])
        return self.any_of(*kept) if apart else self.make(OneOf, kept)

    def negate(self, part: Formula) -> Formula:
        if part is TRUE:
            return FALSE
        if part is FALSE:
            return TRUE
        return part.part if isinstance(part, Not) else self.make(Not, part)

    def _unordered(self, kind: type[AllOf] | type[AnyOf], parts: tuple[Formula, ...]) -> Formula:
        key = (kind, frozenset(parts))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = kind(parts)
        return found
