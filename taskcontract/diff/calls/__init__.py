"""Compare calls: decide whether every call of the old signature means the same under the new one."""

from __future__ import annotations

from taskcontract.diff.calls.breaks import CallBreak, find_call_breaks
from taskcontract.diff.calls.comparison import (
    CallComparison,
    compare_call_shapes,
    compare_calls,
    describe_break,
    witness_of,
)
from taskcontract.diff.calls.shape import Shape, shape_of, shape_of_signature, signature_of
from taskcontract.diff.calls.terms import CallStyle

__all__ = [
    "CallBreak",
    "CallComparison",
    "CallStyle",
    "Shape",
    "compare_call_shapes",
    "compare_calls",
    "describe_break",
    "find_call_breaks",
    "shape_of",
    "shape_of_signature",
    "signature_of",
    "witness_of",
]
