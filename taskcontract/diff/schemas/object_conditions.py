"""The conditions on one object, sorted by what they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from taskcontract.diff.schemas.assertions import (
    Has,
    MatchingProperties,
    Names,
    Properties,
    Property,
    SizeAtLeast,
    SizeAtMost,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.formulas import Literal

Selector: TypeAlias = Properties | MatchingProperties


class Wish(NamedTuple):
    """Some property that the selector speaks of (any, for None), its name and value satisfying literals."""

    selector: Selector | None
    value: Literal | None
    name: Literal | None


class ObjectConditions:
    """The atoms of one object, sorted."""

    def __init__(self, atoms: Sequence[tuple[Assertion, bool]]) -> None:
        self.required: dict[str, list[Literal]] = {}
        self.forbidden: set[str] = set()
        self.named: dict[str, list[Literal]] = {}
        self.selectors: list[Selector] = []
        self.names: list[Literal] = []
        self.wishes: list[Wish] = []
        self.least, self.most = 0, cast("int | None", None)
        self.mentioned: dict[str, None] = {}
        for atom, sign in atoms:
            self._sort(atom, sign)

    def _sort(self, atom: Assertion, sign: bool) -> None:
        if isinstance(atom, Has | Property):
            self._sort_named(atom, sign)
        elif isinstance(atom, Properties | MatchingProperties):
            if isinstance(atom, Properties):
                self.mentioned.update(dict.fromkeys(sorted(atom.names)))
            if sign:
                self.selectors.append(atom)
            else:
                self.wishes.append(Wish(atom, (atom.part, False), None))
        elif isinstance(atom, Names):
            if sign:
                self.names.append((atom.part, True))
            else:
                self.wishes.append(Wish(None, None, (atom.part, False)))
        elif isinstance(atom, SizeAtLeast | SizeAtMost):
            self._sort_size(atom, sign)

    def _sort_named(self, atom: Has | Property, sign: bool) -> None:
        self.mentioned[atom.name] = None
        if isinstance(atom, Property):
            if sign:
                self.named.setdefault(atom.name, []).append((atom.part, True))
            else:
                self.required.setdefault(atom.name, []).append((atom.part, False))
        elif sign:
            self.required.setdefault(atom.name, [])
        else:
            self.forbidden.add(atom.name)

    def _sort_size(self, atom: SizeAtLeast | SizeAtMost, sign: bool) -> None:
        bound = atom.count if sign else atom.count - 1 if isinstance(atom, SizeAtLeast) else atom.count + 1
        if isinstance(atom, SizeAtLeast) is sign:
            self.least = max(self.least, bound)
        else:
            self.most = bound if self.most is None else min(self.most, bound)
