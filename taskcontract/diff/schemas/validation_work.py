"""How much work a plain validator would have with a value: it tries each branch anew, so it may never end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from taskcontract.diff.schemas.dialects import walk
from taskcontract.diff.schemas.regex.size import estimate_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.document import Document, Resource
    from taskcontract.diff.schemas.values import Json

__all__ = ["MOST_PATTERNS", "MOST_WORK", "estimate_patterns", "estimate_work"]

MOST_WORK = 2_000_000
"""Visits of a schema node; a validator written in Rust makes them in a second."""

MOST_PATTERNS = 1_000_000
"""States of automata; a validator makes them in a second or two."""

SAME = ("not", "if", "then", "else")
SAME_LISTS = ("allOf", "anyOf", "oneOf")
SAME_MAPS = ("dependentSchemas", "dependencies")
UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
EACH_ITEM = ("items", "additionalItems", "unevaluatedItems", "contains")
EACH_MEMBER = ("additionalProperties", "unevaluatedProperties")


def estimate_work(document: Document, value: Json, budget: Budget) -> int:
    """At most how many schema nodes a validator without a memory visits; more than MOST_WORK is not counted.

    References are followed as they are when the document is read; one that leads nowhere counts as nothing.
    """
    try:
        return _Estimate(document, budget).count(document.root.root, document.root, value)
    except RecursionError:
        return MOST_WORK + 1


def estimate_patterns(document: Document) -> int:
    """How large all patterns of a schema together become in a validator that compiles each of them."""
    size = 0
    for members in walk(document.root.root):
        pattern = members.get("pattern")
        if isinstance(pattern, str):
            size += estimate_size(pattern)
        size += sum(map(estimate_size, _as_dict(members.get("patternProperties"))))
    return size


class _Estimate:
    """Counts with a memory, so that the count itself stays small."""

    def __init__(self, document: Document, budget: Budget) -> None:
        self._document = document
        self._budget = budget
        self._known: dict[tuple[int, str, int], int] = {}
        # What is remembered by its identity must stay alive.
        self._alive: list[Any] = []

    def count(self, schema: Json, resource: Resource, value: Json) -> int:
        if not isinstance(schema, dict):
            return 1
        members = cast("dict[str, Json]", schema)
        home = self._document.enter(members, resource)
        key = (id(members), home.base, id(value))
        if key not in self._known:
            self._budget.spend()
            self._known[key] = MOST_WORK  # a schema that comes back to itself with the same value never ends
            self._alive.append((members, value))
            work = 1
            for inner, around, part in self._parts(members, home, value):
                work += self.count(inner, around, part)
                if work > MOST_WORK:
                    break
            self._known[key] = work
        return self._known[key]

    def _parts(
        self, schema: dict[str, Json], home: Resource, value: Json
    ) -> Iterator[tuple[Json, Resource, Json]]:
        """Each subschema, its resource and the part of the value that it may be tried on."""
        # A keyword about unevaluated parts looks at all neighbours once more.
        for _ in range(1 + sum(keyword in schema for keyword in UNEVALUATED)):
            for target in self._document.list_targets(schema, home):
                yield target.schema, target.resource, value
            for inner in _list_neighbours(schema):
                yield inner, home, value
        if isinstance(value, list):
            parts = _item_parts(schema, value)
        elif isinstance(value, dict):
            parts = _member_parts(schema, cast("dict[str, Json]", value))
        else:
            return
        for inner, part in parts:
            yield inner, home, part


def _list_neighbours(schema: dict[str, Json]) -> Iterator[Json]:
    """Yield the subschemas that are tried on the same value."""
    for keyword in SAME:
        if keyword in schema:
            yield schema[keyword]
    for keyword in SAME_LISTS:
        yield from _as_list(schema.get(keyword))
    for keyword in SAME_MAPS:
        yield from _as_dict(schema.get(keyword)).values()


def _item_parts(schema: dict[str, Json], value: list[Json]) -> Iterator[tuple[Json, Json]]:
    for keyword in ("prefixItems", "items"):
        yield from zip(_as_list(schema.get(keyword)), value, strict=False)
    for keyword in EACH_ITEM:
        if isinstance(schema.get(keyword), dict):
            for item in value:
                yield schema[keyword], item


def _member_parts(schema: dict[str, Json], value: dict[str, Json]) -> Iterator[tuple[Json, Json]]:
    properties = _as_dict(schema.get("properties"))
    for name, member in value.items():
        if "propertyNames" in schema:
            yield schema["propertyNames"], name
        if name in properties:
            yield properties[name], member
        for inner in _as_dict(schema.get("patternProperties")).values():
            yield inner, member
        for keyword in EACH_MEMBER:
            if isinstance(schema.get(keyword), dict):
                yield schema[keyword], member


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _as_dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
