"""Inclusion of JSON Schemas: a proof, a witness, or neither."""

from __future__ import annotations

from taskcontract.diff.schemas.comparison import compare_schemas, find_example
from taskcontract.diff.schemas.outcomes import SchemaComparison

__all__ = ["SchemaComparison", "compare_schemas", "find_example"]
