"""The conditions on one array, sorted by what they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from taskcontract.diff.schemas.assertions import ItemAt, ItemsAtLeast, ItemsAtMost, ItemsFrom, Unique
from taskcontract.diff.schemas.formulas import TRUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.formulas import Formula, Literal


class Wish(NamedTuple):
    """Some item from this index on satisfies the literal; those of one group are different items."""

    first: int
    literal: Literal
    group: int


class ArrayConditions:
    """The atoms of one array, sorted."""

    def __init__(self, atoms: Sequence[tuple[Assertion, bool]]) -> None:
        self.at: dict[int, list[Literal]] = {}
        self.since: list[tuple[int, Literal]] = []
        self.fixed: dict[int, list[Literal]] = {}
        self.wishes: list[Wish] = []
        self.counted: list[tuple[int, Formula]] = []
        self.capped: list[tuple[int, Formula]] = []
        self.least, self.most = 0, cast("int | None", None)
        self.unique, self.twins = False, False
        self.leading = 0
        self.impossible = False
        for atom, sign in atoms:
            self._sort(atom, sign)
        marks = [*self.at, *self.fixed]
        self.leading = max([index + 1 for index in marks] + [first for first, _ in self.since] + [0])
        self.leading = max([self.leading, *(wish.first for wish in self.wishes)])

    def _sort(self, atom: Assertion, sign: bool) -> None:
        if isinstance(atom, ItemAt):
            (self.at if sign else self.fixed).setdefault(atom.index, []).append((atom.part, sign))
        elif isinstance(atom, ItemsFrom):
            if sign:
                self.since.append((atom.index, (atom.part, True)))
            else:
                self.wishes.append(Wish(atom.index, (atom.part, False), -1 - len(self.wishes)))
        elif isinstance(atom, ItemsAtLeast | ItemsAtMost):
            count = (
                atom.count if sign else atom.count - 1 if isinstance(atom, ItemsAtLeast) else atom.count + 1
            )
            self._count(count, atom.part, isinstance(atom, ItemsAtLeast) is sign)
        elif isinstance(atom, Unique):
            if sign:
                self.unique = True
            else:
                self.twins = True

    def _count(self, count: int, part: Formula, at_least: bool) -> None:
        if count < 0:
            self.impossible = True
        elif part is TRUE and at_least:
            self.least = max(self.least, count)
        elif part is TRUE:
            self.most = count if self.most is None else min(self.most, count)
        elif at_least:
            self.counted.append((count, part))
        elif count == 0:
            self.since.append((0, (part, False)))
        else:
            self.capped.append((count, part))
