"""Schemas of specs as workers read them: their formats are asserted, their patterns are Rust's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff import compare_schemas
from taskcontract.diff.walker.engine import assert_formats
from tests.support.schema_oracle import is_valid

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["find_verdict", "takes"]


def find_verdict(source: Json, target: Json) -> str:
    """What the engine says of whether `target` takes every value of `source`."""
    return compare_schemas(assert_formats(source), assert_formats(target), patterns="rust").verdict


def takes(schema: Json, value: Json) -> bool:
    """Whether the independent validator takes a value."""
    return is_valid(assert_formats(schema), value)
