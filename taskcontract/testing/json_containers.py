"""Hypothesis strategies for arrays and objects: how many members they have, and of which schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from taskcontract.model.equality import freeze
from taskcontract.testing.merging import merge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

__all__ = ["ANYTHING", "Containers"]

SCALARS: SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
ANYTHING: SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
MOST, MOST_DEEP = 5, 2
"""Members of a container where the schema sets no lower bound; in a part of a schema that contains itself."""


class Containers(NamedTuple):
    """Draws arrays and objects, with members that `of` draws: few when `deep` in what contains itself."""

    of: Callable[[Any], SearchStrategy[Any]]
    deep: bool

    def arrays(self, schema: Mapping[str, Any]) -> SearchStrategy[Any]:
        """Arrays of `schema`."""
        first = [self.of(each) for each in schema.get("prefixItems", ())]
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        item = schema.get("items", True)
        shorter = [
            st.tuples(*first[:size]).map(list)
            for size in range(min(least, len(first)), len(first) + 1)
            if first and size >= least and (most is None or size <= most)
        ]
        left = None if most is None else most - len(first)
        if first and (item is False or (left is not None and left <= 0)):
            return st.one_of(shorter)
        least = max(least - len(first), 0)
        upper = least + self._most if left is None else min(left, max(least + self._most, MOST))
        rest = self._lists(self.of(item), least, upper, left, unique=bool(schema.get("uniqueItems")))
        if not first:
            return rest
        whole = st.tuples(st.tuples(*first), rest).map(lambda parts: [*parts[0], *parts[1]])
        return st.one_of([*shorter[:-1], whole])

    def objects(self, schema: Mapping[str, Any]) -> SearchStrategy[Any]:
        """Objects of `schema`."""
        properties = {name: self.of(each) for name, each in schema.get("properties", {}).items()}
        required = {name: properties.get(name, ANYTHING) for name in schema.get("required", ())}
        optional = {
            name: each
            for name, each in properties.items()
            if name not in required and schema["properties"][name] is not False
        }
        known = st.fixed_dictionaries(required, optional=optional)
        named = schema.get("propertyNames", True)
        names = self.of({"type": "string"} if named is True else merge({"type": "string"}, named))
        others = [
            (self.of({"type": "string", "pattern": pattern}), self.of(each))
            for pattern, each in schema.get("patternProperties", {}).items()
        ]
        # Unless a schema says that it keeps other members, they are dropped or refused.
        if schema.get("additionalProperties") not in (None, False) or (named is not True and not properties):
            others.append((names, self.of(schema.get("additionalProperties", True))))
        least, most = schema.get("minProperties", 0), schema.get("maxProperties")
        for keys, values in others:
            low = max(least - len(required), 0)
            high = low + self._most if most is None else max(most - len(properties), low)
            count = _count_names(named)
            if count is not None:
                low, high = min(low, count), min(high, count)
            more = st.dictionaries(keys, values, min_size=low, max_size=min(high, low + self._most))
            known = st.tuples(more, known).map(lambda parts: {**parts[0], **parts[1]})
        if least or most is not None:
            return known.filter(lambda each: least <= len(each) and (most is None or len(each) <= most))
        return known

    @property
    def _most(self) -> int:
        return MOST_DEEP if self.deep else MOST

    def _lists(
        self, items: SearchStrategy[Any], least: int, upper: int, most: int | None, *, unique: bool
    ) -> SearchStrategy[list[Any]]:
        unique_by = freeze if unique else None
        lists = st.lists(items, min_size=least, max_size=upper, unique_by=unique_by)
        if most is not None and upper < most <= 2 * MOST and not self.deep:
            return lists | st.lists(items, min_size=most, max_size=most, unique_by=unique_by)
        return lists


def _count_names(names: Any) -> int | None:
    """Return how many names an object's members can have, where they are listed."""
    if isinstance(names, dict):
        if "enum" in names:
            return len(names["enum"])
        if "const" in names:
            return 1
    return None
