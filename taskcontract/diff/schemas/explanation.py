"""Where in a witness the new schema refuses it, which kind of change that is, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.diff.schemas.assertions import (
    ArrayAssertion,
    Has,
    HasFormat,
    ItemAt,
    ItemsAtLeast,
    ItemsAtMost,
    ItemsFrom,
    MatchingProperties,
    Names,
    Properties,
    Property,
)
from taskcontract.diff.schemas.branches import follow
from taskcontract.diff.schemas.formulas import (
    FALSE,
    AllOf,
    AnyOf,
    Formula,
    Not,
    OneOf,
    OneValueOf,
    TypeIs,
    list_parts,
)
from taskcontract.diff.schemas.places import render_path
from taskcontract.diff.schemas.values import NULL, find_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.diff.schemas.evaluation import Evaluator
    from taskcontract.diff.schemas.values import Json


class Refusal(NamedTuple):
    """The path in the value, the kind of change that explains the refusal, and one sentence."""

    steps: tuple[str | int, ...]
    kind: str
    why: str

    def render(self) -> str:
        """Return the reason as text, behind the path at which it holds."""
        return f"{render_path(self.steps)}: {self.why}"


def explain_refusal(evaluator: Evaluator, old: Formula, new: Formula, value: Json) -> Refusal:
    """Why the new schema refuses a value that the old one takes."""
    return _Explainer(evaluator).explain(new, [old], value, ())


class _Explainer:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def explain(
        self, new: Formula, olds: list[Formula], value: Json, steps: tuple[str | int, ...]
    ) -> Refusal:
        new = follow(new)
        if isinstance(new, AllOf):
            # What is wrong with the value's type or shape says more than what follows from it; where the
            # validator knows better, what could not be evaluated is what fails.
            held = {part: self._evaluator.holds(part, value) for part in new.parts}
            failing = sorted(
                (part for part in held if not held[part]), key=lambda part: (held[part] is None, _rank(part))
            )
            return (
                self.explain(failing[0], olds, value, steps) if failing else _tell(steps, "a condition fails")
            )
        if isinstance(new, AnyOf | OneOf):
            return self._explain_choice(new, olds, value, steps)
        if isinstance(new, TypeIs) or not find_type(value) & new.may:
            return _explain_type(new.may, olds, value, steps)
        if isinstance(new, OneValueOf):
            known = any(isinstance(part, OneValueOf) for part in _flatten(olds))
            kind = "enum-value-removed" if known else "constraint-tightened"
            return Refusal(steps, kind, f"{_show(value)} is not one of the values that the new schema lists")
        if isinstance(new, Has):
            return _explain_missing(new.name, olds, steps)
        if isinstance(new, Property | Properties | MatchingProperties | Names):
            return self._explain_member(new, olds, value, steps)
        if isinstance(new, ArrayAssertion):
            return self._explain_items(new, olds, value, steps)
        if isinstance(new, HasFormat):
            return Refusal(steps, "format", f"{_show(value)} is not of the format {new.name}")
        if isinstance(new, Not):
            return _tell(steps, f"{_show(value)} is what the new schema rules out")
        return _tell(steps, f"{_show(value)} is outside the {_NAMES.get(type(new).__name__, 'conditions')}")

    def _explain_choice(
        self, new: AnyOf | OneOf, olds: list[Formula], value: Json, steps: tuple[str | int, ...]
    ) -> Refusal:
        if any(self._evaluator.holds(part, value) for part in new.parts):
            return _tell(steps, f"{_show(value)} fits more than one of the new alternatives")
        ways = [part for part in map(follow, new.parts) if find_type(value) & part.may]
        if not ways:
            return _explain_type(new.may, olds, value, steps)
        refusals = [self.explain(part, olds, value, steps) for part in ways]
        best = max(refusals, key=lambda refusal: len(refusal.steps))
        if len(refusals) == 1 or len(best.steps) > len(steps):
            return best
        enums = [refusal for refusal in refusals if refusal.kind == "enum-value-removed"]
        return enums[0] if enums else _tell(steps, f"{_show(value)} fits none of the new alternatives")

    def _explain_member(
        self,
        new: Property | Properties | MatchingProperties | Names,
        olds: list[Formula],
        value: dict[str, Json],
        steps: tuple[str | int, ...],
    ) -> Refusal:
        if isinstance(new, Names):
            name = next((name for name in value if not self._evaluator.holds(new.part, name)), "")
            return _tell(steps, f"the new schema allows no property of the name {_show(name)}")
        for name, member in value.items():
            selected = name == new.name if isinstance(new, Property) else self._evaluator.selects(new, name)
            if selected and not self._evaluator.holds(new.part, member):
                if follow(new.part) is FALSE:
                    known = any(isinstance(part, Property) and part.name == name for part in _flatten(olds))
                    kind = "field-removed" if known else "object-closed"
                    return Refusal(steps, kind, f"the new schema allows no property {name!r} here")
                return self.explain(new.part, self._descend(olds, name), member, (*steps, name))
        return _tell(steps, "a property's value is refused")

    def _explain_items(
        self, new: ArrayAssertion, olds: list[Formula], value: list[Json], steps: tuple[str | int, ...]
    ) -> Refusal:
        if isinstance(new, ItemAt | ItemsFrom):
            for index, item in enumerate(value):
                wanted = index == new.index if isinstance(new, ItemAt) else index >= new.index
                if wanted and not self._evaluator.holds(new.part, item):
                    if follow(new.part) is FALSE:
                        return _tell(steps, f"the new schema allows no item at index {index}")
                    return self.explain(new.part, _descend_items(olds, index), item, (*steps, index))
        if isinstance(new, ItemsAtLeast):
            return _tell(steps, f"fewer than {new.count} items are what the new schema asks for")
        if isinstance(new, ItemsAtMost):
            return _tell(steps, f"more than {new.count} items are what the new schema caps")
        return _tell(steps, "two items are equal, which the new schema does not allow")

    def _descend(self, olds: list[Formula], name: str) -> list[Formula]:
        found: list[Formula] = []
        for part in _flatten(olds):
            if isinstance(part, Property):
                if part.name == name:
                    found.append(part.part)
            elif isinstance(part, Properties | MatchingProperties) and self._evaluator.selects(part, name):
                found.append(part.part)
        return found


_NAMES = {
    "AtLeast": "new bounds",
    "AtMost": "new bounds",
    "MultipleOf": "new multiples",
    "LengthAtLeast": "new lengths",
    "LengthAtMost": "new lengths",
    "Matches": "new pattern",
    "SizeAtLeast": "new number of properties",
    "SizeAtMost": "new number of properties",
}


def _rank(part: Formula) -> int:
    order: tuple[Any, ...] = (TypeIs, OneValueOf, Has, Property)
    return next((at for at, kind in enumerate(order) if isinstance(part, kind)), len(order))


def _tell(steps: tuple[str | int, ...], why: str) -> Refusal:
    return Refusal(steps, "constraint-tightened", why)


def _explain_type(allowed: int, olds: list[Formula], value: Json, steps: tuple[str | int, ...]) -> Refusal:
    if value is None:
        return Refusal(steps, "null-removed", "null is not allowed any more")
    before = 255
    for old in olds:
        before &= follow(old).may
    kind = "type-narrowed" if before & allowed & ~NULL else "type-replaced"
    return Refusal(steps, kind, f"{_show(value)} is of a type that the new schema does not allow")


def _explain_missing(name: str, olds: list[Formula], steps: tuple[str | int, ...]) -> Refusal:
    known = any(isinstance(part, Property | Has) and part.name == name for part in _flatten(olds))
    kind = "field-became-required" if known else "field-added-required"
    return Refusal(steps, kind, f"the property {name!r} is missing, which the new schema requires")


def _descend_items(olds: list[Formula], index: int) -> list[Formula]:
    return [
        part.part
        for part in _flatten(olds)
        if (isinstance(part, ItemAt) and part.index == index)
        or (isinstance(part, ItemsFrom) and index >= part.index)
    ]


def _flatten(olds: Iterable[Formula]) -> Iterator[Formula]:
    """All conditions on the same value, whichever way they are connected."""
    seen: set[Formula] = set()
    waiting = list(olds)
    while waiting:
        current = follow(waiting.pop())
        if current in seen:
            continue
        seen.add(current)
        parts = list_parts(current)
        waiting.extend(parts)
        if not parts:
            yield current


def _show(value: Json) -> str:
    if isinstance(value, dict):
        return "the object"
    if isinstance(value, list):
        return "the array"
    text = "null" if value is None else repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= 40 else f"{text[:37]}..."
