"""Whether a pattern is a regular expression in any of the dialects that JSON Schemas are written in."""

from __future__ import annotations

import re
import sys
import warnings

__all__ = ["find_pattern_fault", "is_slow_to_compile"]

LONGEST = 5_000
"""Characters of a pattern that is looked at here: a slip in a longer one is not found by a glance either."""
MOST_FOLDED = 30_000
"""Characters in the sets of one pattern: the compiler looks at each where case does not matter."""

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


_FOLDING = re.compile(r"\(\?[a-zA-Z-]*i")
_END = r"(\\x..|\\u.{4}|\\U.{8}|\\N\{[^}]*\}|\\?.)"
_RANGE = re.compile(rf"{_END}-{_END}", re.DOTALL)


def is_slow_to_compile(pattern: str) -> bool:
    """Return whether Python's compiler could take seconds: without case it expands whole sets."""
    if not _FOLDING.search(pattern):
        return False
    return sum(_code_of(high) - _code_of(low) for low, high in _RANGE.findall(pattern)) > MOST_FOLDED


def _code_of(end: str) -> int:
    """Return the character at an end of a range; the last one that there is where it is spelled by name."""
    if len(end) <= 2:
        return ord(end[-1])
    try:
        return int(end[2:], 16)
    except ValueError:
        return sys.maxunicode


def find_pattern_fault(pattern: str) -> str | None:
    """Return what is wrong with `pattern`, or None. What only Python refuses is let through."""
    if len(pattern) > LONGEST or is_slow_to_compile(pattern):
        return None  # the engine has bounds of its own
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of sets that later versions may read otherwise
            re.compile(pattern)
    except re.error as error:
        foreign = "[]" in pattern or "[^]" in pattern  # empty sets, which ECMA 262 knows
        return str(error) if error.msg.startswith(FAULTS) and not foreign else None
    except ValueError as error:  # flags that contradict each other; no other dialect has them
        return str(error)
    except (RecursionError, OverflowError):
        return None  # too large for this compiler: the engine has a bound of its own
    return None
