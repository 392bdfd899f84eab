"""What the writers of schemas share: the types of what they read and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias

from taskcontract.declare.wire.definitions import Definitions, Schema
from taskcontract.model.checks import CHECKS

__all__ = ["Core", "Mode", "Schema", "WriteCore", "Writer", "with_check"]

Core: TypeAlias = Mapping[str, Any]
"""A pydantic-core schema."""

Mode: TypeAlias = Literal["read", "write"]
"""Whether a schema is for the values that are read as a type, or for those that are written for it."""


class Writer(Protocol):
    """Writes the schemas of one type; `definitions` collects the named ones."""

    mode: Mode
    definitions: Definitions

    def write(self, core: Core) -> Schema:
        """Return the schema of one core schema; a `$ref` for a named one."""
        ...


WriteCore: TypeAlias = Callable[[Writer, Core], Schema]
"""Writes the schema of the core schemas of one type."""


def with_check(schema: Schema, name: str, hash_: str) -> Schema:
    """Return `schema` with one check more, under a name that is still free."""
    checks = schema.get(CHECKS)
    known = checks if isinstance(checks, dict) else {}
    free, number = name, 2
    while free in known:
        free, number = f"{name} ({number})", number + 1
    return {**schema, CHECKS: {**known, free: hash_}}
