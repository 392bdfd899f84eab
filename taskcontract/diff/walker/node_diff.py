"""What differs between two nodes, one aspect at a time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.model.equality import freeze, same_json

if TYPE_CHECKING:
    from taskcontract.diff.walker.nodes import Node
    from taskcontract.model.canonical import Json

__all__ = ["NodeDiff"]


class NodeDiff:
    """The aspects in which `new` differs from `old`, each as the schemas spell it; nothing is proved here."""

    def __init__(self, old: Node, new: Node) -> None:
        self.old = old
        self.new = new

    @cached_property
    def types_lost(self) -> list[str]:
        """The types but null that are no longer accepted; `any` for all those without a name."""
        return _beyond(self.old.types, self.new.types)

    @cached_property
    def types_gained(self) -> list[str]:
        """The types but null that are taken and were not."""
        return _beyond(self.new.types, self.old.types)

    @cached_property
    def replaced(self) -> bool:
        """Whether no type but null is left of the old ones, nor was there of the new ones."""
        if not self.old.types or not self.new.types:
            return False
        return not _widened(self.old.types) & _widened(self.new.types)

    @property
    def null_lost(self) -> bool:
        """Whether only the old side accepts null, beside other types."""
        return self.old.nullable and not self.new.nullable and self.old.types is not None

    @property
    def null_gained(self) -> bool:
        """Whether only the new side accepts null, beside other types."""
        return self.new.nullable and not self.old.nullable and self.new.types is not None

    @cached_property
    def values_lost(self) -> list[Json]:
        """Enumerated values that are no longer taken."""
        return _without(self.old.values, self.new.values)

    @cached_property
    def values_gained(self) -> list[Json]:
        """Enumerated values that are taken and were not."""
        return _without(self.new.values, self.old.values)

    @property
    def narrowed(self) -> bool:
        """Whether there are fewer types or alternatives, or only some values of the same types."""
        enumerated = self.old.values is None and self.new.values is not None
        return not self.replaced and (bool(self.types_lost) or enumerated or bool(self.branches_lost))

    @property
    def widened(self) -> bool:
        """Whether there are more types or alternatives, or all values of types with some."""
        freed = self.old.values is not None and self.new.values is None
        return not self.replaced and (bool(self.types_gained) or freed or bool(self.branches_gained))

    @cached_property
    def branches_lost(self) -> list[str]:
        """Alternatives of a union that are gone, by their labels."""
        return sorted(self.old.branches.keys() - self.new.branches.keys())

    @cached_property
    def branches_gained(self) -> list[str]:
        """Alternatives of a union that came, by their labels."""
        return sorted(self.new.branches.keys() - self.old.branches.keys())

    @property
    def limits_differ(self) -> bool:
        """Whether bounds, lengths, patterns or the like differ."""
        return not same_json(self.old.limits, self.new.limits)

    @property
    def objects(self) -> bool:
        """Whether there are objects here on both sides, so that their keys can be compared."""
        return self.old.takes("object") and self.new.takes("object")

    @property
    def arrays(self) -> bool:
        """Whether there are arrays here on both sides, so that their items can be compared."""
        return self.old.takes("array") and self.new.takes("array")

    @cached_property
    def fields_removed(self) -> list[str]:
        """Keys of an object that are no longer named."""
        return [name for name in self.old.properties if self.objects and name not in self.new.properties]

    @cached_property
    def fields_added(self) -> list[str]:
        """Keys of an object that were not named before."""
        return [name for name in self.new.properties if self.objects and name not in self.old.properties]

    @cached_property
    def fields_made_required(self) -> list[str]:
        """Keys that must be there now and did not have to, new ones included."""
        return sorted(self.new.required - self.old.required) if self.objects else []

    @cached_property
    def fields_made_optional(self) -> list[str]:
        """Keys that are still named and no longer have to be there."""
        freed = self.old.required - self.new.required
        return sorted(freed & self.new.properties.keys()) if self.objects else []


def _beyond(some: frozenset[str] | None, others: frozenset[str] | None) -> list[str]:
    if others is None:
        return []
    if some is None:
        return ["any"]
    return sorted(name for name in some if name not in _widened(others))


def _widened(types: frozenset[str]) -> frozenset[str]:
    """`types` with integer, where number is among them."""
    return types | {"integer"} if "number" in types else types


def _without(some: list[Json] | None, others: list[Json] | None) -> list[Json]:
    if some is None or others is None:
        return []
    known = set(map(freeze, others))
    return [value for value in some if freeze(value) not in known]
