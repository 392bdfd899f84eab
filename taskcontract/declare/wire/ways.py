"""The two ways in which a Decimal is written, as pydantic names them in the place of an error."""

from __future__ import annotations

__all__ = ["AS_NUMBER", "AS_TEXT", "WAYS"]

AS_TEXT, AS_NUMBER = "(as text)", "(as number)"
WAYS = frozenset({AS_TEXT, AS_NUMBER})
"""They lead nowhere in a value, so that no error needs to name them."""
