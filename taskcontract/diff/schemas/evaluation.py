"""Whether a value satisfies a formula: yes, no, or (None) not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.assertions import (
    ArrayAssertion,
    AtLeast,
    AtMost,
    Has,
    ItemAt,
    ItemsAtLeast,
    ItemsAtMost,
    ItemsFrom,
    LengthAtLeast,
    LengthAtMost,
    Matches,
    MatchingProperties,
    MultipleOf,
    Names,
    NumberAssertion,
    ObjectAssertion,
    Properties,
    Property,
    SizeAtLeast,
    SizeAtMost,
    StringAssertion,
    Unique,
)
from taskcontract.diff.schemas.formulas import (
    AllOf,
    AnyOf,
    Chosen,
    Constant,
    Not,
    OneOf,
    OneValueOf,
    Reference,
    Shared,
    TypeIs,
)
from taskcontract.diff.schemas.values import ARRAY, LARGE, OBJECT, find_type
from taskcontract.model.equality import freeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.patterns import Patterns
    from taskcontract.diff.schemas.values import Json


class Evaluator:
    """Evaluates formulas on values, within the comparison's budget."""

    def __init__(self, patterns: Patterns, budget: Budget) -> None:
        self._patterns = patterns
        self._budget = budget
        # Built values share their parts. Each is kept beside its answers, so that its identity stays its own.
        self._answers: dict[tuple[Formula, int], tuple[Json, bool | None]] = {}
        self._disputed = False

    def forget(self) -> None:
        """Let go of the values that were judged."""
        self._answers.clear()

    def is_disputed(self, formulas: Iterable[Formula], value: Json) -> bool:
        """Whether validators could disagree on a number in the value."""
        self._answers.clear()
        self._disputed = False
        for formula in formulas:
            self.holds(formula, value)
        return self._disputed

    def holds(self, formula: Formula, value: Json) -> bool | None:
        """Whether the value satisfies the formula; None if that is not known."""
        self._budget.spend()
        bit = find_type(value)
        if bit & formula.must:
            return True
        if not bit & formula.may:
            return False
        if not bit & (ARRAY | OBJECT):
            return self._evaluate(formula, value)
        known = self._answers.get((formula, id(value)))
        if known is not None:
            return known[1]
        answer = self._evaluate(formula, value)
        self._answers[formula, id(value)] = (value, answer)
        return answer

    def _evaluate(self, formula: Formula, value: Json) -> bool | None:
        if isinstance(formula, AllOf):
            return _conjoin(self.holds(part, value) for part in formula.parts)
        if isinstance(formula, AnyOf):
            return _negate(_conjoin(_negate(self.holds(part, value)) for part in formula.parts))
        if isinstance(formula, OneValueOf):
            return freeze(value) in formula.listed
        if isinstance(formula, Reference):
            return self.holds(formula.target, value)
        if isinstance(formula, Not):
            return _negate(self.holds(formula.part, value))
        if isinstance(formula, OneOf):
            return self._hold_one(formula, value)
        if isinstance(formula, Chosen | Shared):
            return self._hold_place(formula, value)
        return self._hold_atom(formula, value)

    def _hold_atom(self, formula: Formula, value: Json) -> bool | None:
        if isinstance(formula, ObjectAssertion):
            return self._hold_object(formula, value)
        if isinstance(formula, ArrayAssertion):
            return self._hold_array(formula, value)
        if isinstance(formula, StringAssertion):
            return self._hold_string(formula, value)
        if isinstance(formula, NumberAssertion):
            held = hold_number(formula, value)
            self._disputed = self._disputed or held is None
            return held
        return True if isinstance(formula, Constant | TypeIs) else None

    def selects(self, formula: Properties | MatchingProperties, name: str) -> bool | None:
        """Whether the atom speaks of the property of this name."""
        if isinstance(formula, MatchingProperties):
            return self._patterns.match(formula.pattern, name)
        if name in formula.names:
            return False
        return _conjoin(_negate(self._patterns.match(pattern, name)) for pattern in formula.patterns)

    def _hold_one(self, formula: OneOf, value: Json) -> bool | None:
        answers = [self.holds(part, value) for part in formula.parts]
        certain = answers.count(True)
        if certain > 1:
            return False
        return None if None in answers else certain == 1

    def _hold_place(self, formula: Chosen | Shared, value: Json) -> bool | None:
        parts, at = formula.choice.parts, formula.at
        first = _conjoin(
            (self.holds(parts[at], value), *(_negate(self.holds(part, value)) for part in parts[:at]))
        )
        if first is False:
            return False
        alone = _conjoin(_negate(self.holds(part, value)) for part in parts[at + 1 :])
        return _conjoin((first, alone if isinstance(formula, Chosen) else _negate(alone)))

    def _hold_string(self, formula: StringAssertion, value: str) -> bool | None:
        if isinstance(formula, LengthAtLeast):
            return len(value) >= formula.count
        if isinstance(formula, LengthAtMost):
            return len(value) <= formula.count
        return self._patterns.match(formula.pattern, value) if isinstance(formula, Matches) else None

    def _hold_array(self, formula: ArrayAssertion, value: list[Json]) -> bool | None:
        if isinstance(formula, ItemAt):
            return len(value) <= formula.index or self.holds(formula.part, value[formula.index])
        if isinstance(formula, ItemsFrom):
            return _conjoin(self.holds(formula.part, item) for item in value[formula.index :])
        if isinstance(formula, ItemsAtLeast | ItemsAtMost):
            answers = [self.holds(formula.part, item) for item in value]
            least = answers.count(True)
            most = least + answers.count(None)
            if isinstance(formula, ItemsAtLeast):
                return True if least >= formula.count else False if most < formula.count else None
            return True if most <= formula.count else False if least > formula.count else None
        if isinstance(formula, Unique):
            self._budget.spend(len(value))
            return len({freeze(item) for item in value}) == len(value)
        return None

    def _hold_object(self, formula: ObjectAssertion, value: dict[str, Json]) -> bool | None:
        if isinstance(formula, Has):
            return formula.name in value
        if isinstance(formula, Property):
            return formula.name not in value or self.holds(formula.part, value[formula.name])
        if isinstance(formula, SizeAtLeast):
            return len(value) >= formula.count
        if isinstance(formula, SizeAtMost):
            return len(value) <= formula.count
        if isinstance(formula, Names):
            return _conjoin(self.holds(formula.part, name) for name in value)
        if isinstance(formula, Properties | MatchingProperties):
            return _conjoin(self._hold_selected(formula, name, member) for name, member in value.items())
        return None

    def _hold_selected(
        self, formula: Properties | MatchingProperties, name: str, member: Json
    ) -> bool | None:
        selected = self.selects(formula, name)
        if selected is False:
            return True
        held = self.holds(formula.part, member)
        return held if selected or held else None


def hold_number(formula: NumberAssertion, value: float) -> bool | None:
    """Whether a number satisfies an atom; None where binary fractions and decimals could disagree."""
    if isinstance(formula, AtLeast):
        return value > formula.bound or (value == formula.bound and not formula.open)
    if isinstance(formula, AtMost):
        return value < formula.bound or (value == formula.bound and not formula.open)
    if isinstance(formula, MultipleOf):
        from_whole = None
        if isinstance(formula.divisor, int):
            from_whole = value == int(value) and int(value) % formula.divisor == 0
            if isinstance(value, int) or abs(value) < LARGE:
                return from_whole
        from taskcontract.diff.schemas.decimals import divides

        # A large number that is written as a power of ten need not be what a `float` makes of it.
        known = divides(formula.divisor, value)
        return known if from_whole in (None, known) else None
    return None


def _negate(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _conjoin(answers: Iterable[bool | None]) -> bool | None:
    known = True
    for answer in answers:
        if answer is False:
            return False
        known = known and answer is True
    return True if known else None
