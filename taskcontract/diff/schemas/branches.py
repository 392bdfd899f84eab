"""One way in which a value could satisfy a goal: the conditions that bind it, and the choices still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.assertions import Assertion
from taskcontract.diff.schemas.formulas import (
    AllOf,
    AnyOf,
    Chosen,
    Not,
    OneOf,
    OneValueOf,
    Opaque,
    Reference,
    Shared,
)
from taskcontract.diff.schemas.tags import are_apart

if TYPE_CHECKING:
    from taskcontract.diff.schemas.factory import Formulas
    from taskcontract.diff.schemas.formulas import Formula, Literal


def follow(formula: Formula) -> Formula:
    """Return the formula that a reference, or a chain of them, leads to."""
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
        self.atoms: list[tuple[Assertion, bool]] = []
        self.enums: list[tuple[OneValueOf, bool]] = []
        self.opaque: list[Opaque] = []
        self.clauses: list[tuple[Literal, ...]] = []

    def copy(self) -> Branch:
        """Return a copy that can be narrowed on its own."""
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
            self._formulas.budget.spend()
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
        elif isinstance(formula, Chosen | Shared):
            self._expand_place(formula, sign, waiting)
        elif isinstance(formula, Assertion):
            self.atoms.append((formula, sign))
        elif isinstance(formula, OneValueOf):
            self.enums.append((formula, sign))
        elif isinstance(formula, Opaque):
            self.opaque.append(formula)

    def _expand_one(self, formula: OneOf, sign: bool, waiting: list[Literal]) -> None:
        if formula.apart is None:
            formula.apart = are_apart([follow(part) for part in formula.parts], self._formulas.budget)
        parts = formula.parts
        self._formulas.budget.spend(len(parts))
        if formula.apart and sign:
            self.clauses.append(tuple((follow(part), True) for part in parts))
        elif formula.apart:
            waiting.extend((part, False) for part in parts)
        elif sign:
            make = self._formulas.make
            self.clauses.append(tuple((make(Chosen, formula, at), True) for at in range(len(parts))))
        else:
            make = self._formulas.make
            shared = ((make(Shared, formula, at), True) for at in range(len(parts) - 1))
            self.clauses.append(((self._formulas.any_of(*parts), False), *shared))

    def _expand_place(self, formula: Chosen | Shared, sign: bool, waiting: list[Literal]) -> None:
        parts, at = formula.choice.parts, formula.at
        self._formulas.budget.spend(len(parts))
        literals: list[Literal] = [(parts[at], True), *((part, False) for part in parts[:at])]
        if isinstance(formula, Chosen):
            literals += ((part, False) for part in parts[at + 1 :])
        else:
            literals.append((self._formulas.any_of(*parts[at + 1 :]), True))
        if sign:
            waiting.extend(literals)
        else:
            self.clauses.append(tuple((follow(part), not held) for part, held in literals))

    def propagate(self) -> bool:
        """Decide every choice of which one way is left; False if one has none. The mask is a single type."""
        changed = True
        while changed:
            changed = False
            pending, self.clauses = self.clauses, []
            for clause in pending:
                self._formulas.budget.spend(1 + len(clause) // 16)
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
