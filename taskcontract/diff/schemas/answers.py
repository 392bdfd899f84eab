"""The three answers to "is there a value that satisfies all of this?"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from taskcontract.diff.schemas.values import Json

FOUND: Final = "found"
NONE: Final = "none"
UNKNOWN: Final = "unknown"


class _Missing:
    """The type of MISSING, since `None` is a value too."""


MISSING: Final = _Missing()


class Answer(NamedTuple):
    """`found` with a value, `none` (a proof), or `unknown` with a reason and perhaps a value worth trying."""

    status: str
    value: Json = MISSING
    reason: str = ""


NO_VALUE = Answer(NONE)


def found(value: Json) -> Answer:
    """Make the answer that `value` satisfies the goal."""
    return Answer(FOUND, value)


def unknown(reason: str, value: Json = MISSING) -> Answer:
    """Make the answer that nothing is decided, for `reason`; `value` is a candidate to try, if any."""
    return Answer(UNKNOWN, value, reason)
