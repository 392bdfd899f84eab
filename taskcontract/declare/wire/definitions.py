"""The named schemas of one type: `$defs`, with names that are short and the same in every run."""

from __future__ import annotations

import re
from itertools import count
from json import dumps
from typing import TYPE_CHECKING, TypeAlias

from taskcontract.model.pointers import read_reference, spell_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.model.canonical import Json

__all__ = ["Definitions", "Schema"]

Schema: TypeAlias = "dict[str, Json]"
"""A JSON Schema that is an object."""


class Definitions:
    """Schemas by the references that pydantic-core gives them."""

    def __init__(self) -> None:
        self._schemas: dict[str, Schema] = {}
        self._names: dict[str, str] = {}
        self._references: dict[str, str] = {}
        self._open: set[str] = set()

    def refer(self, reference: str, write: Callable[[], Schema] | None) -> Schema:
        """Return a `$ref` to the schema of `reference`, which `write` gives the first time that it is met."""
        name = self._name(reference)
        if write is not None and reference not in self._open and name not in self._schemas:
            self._open.add(reference)
            self._schemas[name] = write()
            self._open.remove(reference)
        return {"$ref": spell_reference("$defs", name)}

    def attach(self, schema: Schema) -> Schema:
        """Return `schema` with the definitions that it needs; one that is all of it takes its place."""
        name = _target(schema)
        if schema.keys() == {"$ref"} and name is not None and not self._is_inside(name):
            schema = self._schemas.pop(name)
        return {**schema, "$defs": {**dict(sorted(self._schemas.items()))}} if self._schemas else schema

    def resolve(self, schema: Schema) -> Schema:
        """Return the schema that a `$ref` leads to; `schema` itself where it is not a `$ref`."""
        name = _target(schema)
        return self._schemas.get(name, schema) if name is not None else schema

    def _is_inside(self, name: str) -> bool:
        """Return whether a definition refers to the one of that name."""
        return f'"$ref": "{spell_reference("$defs", name)}"' in dumps(list(self._schemas.values()))

    def _name(self, reference: str) -> str:
        found = self._names.get(reference)
        if found is None:
            names = _suggest(re.sub(r":\d+", "", reference))
            found = self._names[reference] = next(name for name in names if name not in self._references)
            self._references[found] = reference
        return found


def _target(schema: Schema) -> str | None:
    reference = schema.get("$ref")
    return read_reference(reference)[-1] if isinstance(reference, str) else None


def _suggest(qualified: str) -> Iterator[str]:
    """Yield `Box_int`, then `shop_models_Box_int`, then numbers."""
    yield re.sub(r"\W+", "_", re.sub(r"[\w.<>]*[.>](?=\w)", "", qualified)).strip("_")
    long = re.sub(r"\W+", "_", qualified).strip("_")
    yield long
    yield from (f"{long}_{number}" for number in count(2))
