"""What a schema says of one value, as a formula: constants, connectives, types and enumerations.

`may` are the types of which some value could satisfy the formula, `must` those of which every value does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from taskcontract.diff.schemas.values import ANY, NUMBER, find_type

if TYPE_CHECKING:
    from collections.abc import Hashable

    from taskcontract.diff.schemas.values import Json


class Formula:
    """A condition on one JSON value."""

    __slots__ = ("may", "must")

    def __init__(self, may: int, must: int) -> None:
        self.may = may
        self.must = must


#: A formula with the sign it is asserted with.
Literal: TypeAlias = tuple[Formula, bool]
Goal: TypeAlias = frozenset[Literal]


class Constant(Formula):
    """Every value, or none."""

    __slots__ = ()


TRUE = Constant(ANY, ANY)
FALSE = Constant(0, 0)


class AllOf(Formula):
    """The conjunction of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Formula, ...]) -> None:
        may = must = ANY
        for part in parts:
            may &= part.may
            must &= part.must
        super().__init__(may, must)
        self.parts = parts


class AnyOf(Formula):
    """The disjunction of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Formula, ...]) -> None:
        may = must = 0
        for part in parts:
            may |= part.may
            must |= part.must
        super().__init__(may, must)
        self.parts = parts


class OneOf(Formula):
    """Exactly one of the parts holds; `apart` is whether no two of them can, once that has been looked at."""

    __slots__ = ("apart", "parts")

    def __init__(self, parts: tuple[Formula, ...]) -> None:
        may = 0
        for part in parts:
            may |= part.may
        super().__init__(may, 0)
        self.parts = parts
        self.apart: bool | None = None


class Chosen(Formula):
    """The part at this place of a `OneOf` holds, and no other does: read out only where it is tried."""

    __slots__ = ("at", "choice")

    def __init__(self, choice: OneOf, at: int) -> None:
        super().__init__(choice.parts[at].may, 0)
        self.choice = choice
        self.at = at


class Shared(Formula):
    """The part at this place of a `OneOf` is the first that holds, and not the only one."""

    __slots__ = ("at", "choice")

    def __init__(self, choice: OneOf, at: int) -> None:
        super().__init__(choice.parts[at].may, 0)
        self.choice = choice
        self.at = at


class Not(Formula):
    """The negation of `part`."""

    __slots__ = ("part",)

    def __init__(self, part: Formula) -> None:
        super().__init__(ANY & ~part.must, ANY & ~part.may)
        self.part = part


class Reference(Formula):
    """A part of a recursive schema, known by its place; `target` is set once that place has been read."""

    __slots__ = ("target",)

    def __init__(self) -> None:
        super().__init__(ANY, 0)
        self.target: Formula = TRUE


class Opaque(Formula):
    """A condition that this package cannot reason about; equal to itself alone."""

    __slots__ = ("reason",)

    def __init__(self, key: Hashable, reason: str) -> None:
        super().__init__(ANY, 0)
        self.reason = reason


class TypeIs(Formula):
    """The condition that a value has one of the types in `mask`."""

    __slots__ = ("mask",)

    def __init__(self, mask: int) -> None:
        super().__init__(mask, mask)
        self.mask = mask


class OneValueOf(Formula):
    """`enum` and `const`: one of these values, each under its key."""

    __slots__ = ("listed",)

    def __init__(self, listed: dict[Hashable, Json]) -> None:
        may = 0
        for value in listed.values():
            may |= find_type(value)
        super().__init__(may | (NUMBER if may & NUMBER else 0), 0)
        self.listed = listed


def list_parts(formula: Formula) -> tuple[Formula, ...]:
    """Return the formulas on the same value that this one is made of; empty for one without parts."""
    if isinstance(formula, AllOf | AnyOf | OneOf):
        return formula.parts
    if isinstance(formula, Not):
        return (formula.part,)
    return (formula.target,) if isinstance(formula, Reference) else ()
