"""How much work a plain validator would have with a value: it tries each branch anew, so it may never end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.schemas.values import Json

__all__ = ["MOST_WORK", "estimate_work"]

MOST_WORK = 2_000_000
"""Visits of a schema node; a validator written in Rust makes them in a second."""

SAME = ("not", "if", "then", "else")
SAME_LISTS = ("allOf", "anyOf", "oneOf")
EACH_ITEM = ("items", "additionalItems", "unevaluatedItems", "contains")
EACH_MEMBER = ("additionalProperties", "unevaluatedProperties")


def estimate_work(schema: Json, value: Json) -> int:
    """At most how many schema nodes a validator without a memory visits; more than MOST_WORK is not counted.

    References are followed within the document. A reference that leads nowhere counts as nothing.
    """
    try:
        return _Estimate(schema).count(schema, value)
    except RecursionError:
        return MOST_WORK + 1


class _Estimate:
    """Counts with a memory, so that the count itself stays small."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._known: dict[tuple[int, int], int] = {}
        # What is remembered by its identity must stay alive.
        self._alive: list[Any] = []

    def count(self, schema: Json, value: Json) -> int:
        if not isinstance(schema, dict):
            return 1
        key = (id(schema), id(value))
        if key not in self._known:
            self._known[key] = MOST_WORK  # a schema that comes back to itself with the same value never ends
            self._alive.append((schema, value))
            work = 1
            for inner, part in self._parts(schema, value):
                work += self.count(inner, part)
                if work > MOST_WORK:
                    break
            self._known[key] = work
        return self._known[key]

    def _parts(self, schema: dict[str, Json], value: Json) -> Iterator[tuple[Json, Json]]:
        """Each subschema with the part of the value that it may be tried on."""
        target = self._resolve(schema.get("$ref"))
        if target is not None:
            yield target, value
        for keyword in SAME:
            if keyword in schema:
                yield schema[keyword], value
        for keyword in SAME_LISTS:
            for inner in _as_list(schema.get(keyword)):
                yield inner, value
        for inner in _as_dict(schema.get("dependentSchemas")).values():
            yield inner, value
        if isinstance(value, list):
            yield from self._item_parts(schema, value)
        elif isinstance(value, dict):
            yield from self._member_parts(schema, value)

    def _item_parts(self, schema: dict[str, Json], value: list[Json]) -> Iterator[tuple[Json, Json]]:
        for keyword in ("prefixItems", "items"):
            yield from zip(_as_list(schema.get(keyword)), value, strict=False)
        for keyword in EACH_ITEM:
            if isinstance(schema.get(keyword), dict):
                for item in value:
                    yield schema[keyword], item

    def _member_parts(self, schema: dict[str, Json], value: dict[str, Json]) -> Iterator[tuple[Json, Json]]:
        properties = _as_dict(schema.get("properties"))
        for name, member in value.items():
            if name in properties:
                yield properties[name], member
            for inner in _as_dict(schema.get("patternProperties")).values():
                yield inner, member
            for keyword in EACH_MEMBER:
                if isinstance(schema.get(keyword), dict):
                    yield schema[keyword], member

    def _resolve(self, reference: Json) -> Json | None:
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        found = self._document
        for part in reference[1:].split("/")[1:]:
            step = part.replace("~1", "/").replace("~0", "~")
            found = found.get(step) if isinstance(found, dict) else None
            if found is None:
                return None
        return found


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _as_dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
