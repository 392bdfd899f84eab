"""Whether a pattern is a regular expression in any of the dialects that JSON Schemas are written in."""

from __future__ import annotations

import re
import warnings

__all__ = ["find_pattern_fault"]

FAULTS = (
    "missing )",
    "unbalanced parenthesis",
    "unterminated character set",
    "nothing to repeat",
    "multiple repeat",
    "min repeat greater",
    "bad character range",
)
"""What Python's compiler says of slips that are slips in ECMA 262 and Rust too (not `\\p{L}`, say)."""


def find_pattern_fault(pattern: str) -> str | None:
    """What is wrong with `pattern`, or None. What only Python refuses is let through."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of sets that later versions may read otherwise
            re.compile(pattern)
    except re.error as error:
        foreign = "[]" in pattern or "[^]" in pattern  # empty sets, which ECMA 262 knows
        return str(error) if error.msg.startswith(FAULTS) and not foreign else None
    except (RecursionError, OverflowError):
        return None  # too large for this compiler: the engine has a bound of its own
    return None
