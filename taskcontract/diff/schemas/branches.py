"""One way in which a value could satisfy a goal: the conditions that bind it, and the choices still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.atoms import Atom
from taskcontract.diff.schemas.formulas import (
    AllOf,
    AnyOf,
    Not,
    OneOf,
    OneValueOf,
    Opaque,
    Reference,
)
from taskcontract.diff.schemas.tags import are_apart

if TYPE_CHECKING:
    from taskcontract.diff.schemas.factory import Formulas
    from taskcontract.diff.schemas.formulas import Formula, Literal


def follow(formula: Formula) -> Formula:
    """The formula itself, behind any references."""
    while isinstance(formula, Reference):
        formula = formula.target
    return formula


class Branch:
    """A conjunction of literals with disjunctions that are still to be decided."""

    __slots__ = ("_formulas", "atoms", "clauses", "enums", "known", "mask", "opaque")

    def __init__(self, formulas: Formulas, mask: int) -> None:
        self._formulas = formulas
        self.mask = mask
        self.known: dict[Formula, bool] = {}
        self.atoms: list[tuple[Atom, bool]] = []
        self.enums: list[tuple[OneValueOf, bool]] = []
        self.opaque: list[Opaque] = []
        self.clauses: list[tuple[Literal, ...]] = []

    def copy(self) -> Branch:
        twin = Branch(self._formulas, self.mask)
        twin.known = self.known.copy()
        twin.atoms = self.atoms.copy()
        twin.enums = self.enums.copy()
        twin.opaque = self.opaque.copy()
        twin.clauses = self.clauses.copy()
        return twin

    def add(self, formula: Formula, sign: bool) -> bool:
        """Assert the formula, or its negation; False if that contradicts what is known."""
        waiting: list[Literal] = [(formula, sign)]
        while waiting:
            formula, sign = waiting.pop()
            formula = follow(formula)
            decided = self.known.get(formula)
            if decided is not None:
                if decided is not sign:
                    return False
                continue
            self.known[formula] = sign
            self.mask &= formula.may if sign else ~formula.must
            if not self.mask:
                return False
            self._expand(formula, sign, waiting)
        return True

    def _expand(self, formula: Formula, sign: bool, waiting: list[Literal]) -> None:
        if isinstance(formula, Not):
            waiting.append((formula.part, not sign))
        elif isinstance(formula, AllOf if sign else AnyOf):
            waiting.extend((part, sign) for part in formula.parts)
        elif isinstance(formula, AllOf | AnyOf):
            self.clauses.append(tuple((follow(part), sign) for part in formula.parts))
        elif isinstance(formula, OneOf):
            self._expand_one(formula, sign, waiting)
        elif isinstance(formula, Atom):
            self.atoms.append((formula, sign))
        elif isinstance(formula, OneValueOf):
            self.enums.append((formula, sign))
        elif isinstance(formula, Opaque):
            self.opaque.append(formula)

    def _expand_one(self, formula: OneOf, sign: bool, waiting: list[Literal]) -> None:
        if formula.apart is None:
            formula.apart = are_apart([follow(part) for part in formula.parts])
        if not formula.apart:
            self.clauses.append(self._split(formula, sign))
        elif sign:
            self.clauses.append(tuple((follow(part), True) for part in formula.parts))
        else:
            waiting.extend((part, False) for part in formula.parts)

    def _split(self, formula: OneOf, sign: bool) -> tuple[Literal, ...]:
        make = self._formulas
        parts = [follow(part) for part in formula.parts]
        if sign:
            return tuple(
                (make.all_of(part, *(make.negate(other) for other in parts[:at] + parts[at + 1 :])), True)
                for at, part in enumerate(parts)
            )
        pairs = [(make.all_of(one, other), True) for at, one in enumerate(parts) for other in parts[:at]]
        return ((make.any_of(*parts), False), *pairs)

    def propagate(self) -> bool:
        """Decide every choice of which one way is left; False if one has none. The mask is a single type."""
        changed = True
        while changed:
            changed = False
            pending, self.clauses = self.clauses, []
            for clause in pending:
                open_ways: list[Literal] = []
                for formula, sign in clause:
                    state = self._decide(formula, sign)
                    if state is True:
                        break
                    if state is None:
                        open_ways.append((formula, sign))
                else:
                    if not open_ways:
                        return False
                    if len(open_ways) == 1:
                        changed = True
                        if not self.add(*open_ways[0]):
                            return False
                    else:
                        self.clauses.append(tuple(open_ways))
        return True

    def _decide(self, formula: Formula, sign: bool) -> bool | None:
        decided = self.known.get(formula)
        if decided is None:
            if self.mask & formula.must:
                decided = True
            elif not self.mask & formula.may:
                decided = False
            else:
                return None
        return decided is sign
