"""What differs between an example and an actual value, and the ends that a comparison may come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["Difference", "EnoughError", "Found", "ValuePath", "WorkSpentError"]

ValuePath: TypeAlias = tuple[str | int, ...]
Difference: TypeAlias = "tuple[ValuePath, str, Json, Json]"
"""Where, why, and the two values."""
Found: TypeAlias = list[Difference]


class WorkSpentError(Exception):
    """Control flow: there is more to compare than one interaction may have."""


class EnoughError(Exception):
    """Control flow: more is wrong than anybody reads."""
