"""Inclusion of JSON Schemas: a proof, a witness, or neither."""

from __future__ import annotations

from taskcontract.diff.schemas.comparison import SchemaComparison, compare_schemas

__all__ = ["SchemaComparison", "compare_schemas"]
