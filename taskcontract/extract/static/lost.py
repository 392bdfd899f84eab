"""What a parser raises, and what of a file it left out."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FAILURES", "Lost"]

FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `ast.parse` raises; a ValueError is for texts that have no form in UTF-8."""


class Lost(NamedTuple):
    """A part of a file that could not be read: the line that it begins in, and what it is, as a clause."""

    line: int
    what: str
