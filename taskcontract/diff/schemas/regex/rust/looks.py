"""What assertions ask of the characters before and behind a place in a string."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What can be known of a neighbour: that it is missing, that it ends a line, that it is part of a word.
EDGE, NEWLINE, RETURN, WORD, ASCII_WORD = (1 << bit for bit in range(5))

_NEEDS = {
    "start": EDGE,
    "end": EDGE,
    "line start": EDGE | NEWLINE,
    "line end": EDGE | NEWLINE,
    "crlf start": EDGE | NEWLINE | RETURN,
    "crlf end": EDGE | NEWLINE | RETURN,
}


def list_needs(kinds: Iterable[str]) -> int:
    """Return the facts about neighbours that these assertions ask for, as bits."""
    needs = 0
    for kind in kinds:
        needs |= _NEEDS.get(kind) or (ASCII_WORD if kind.startswith("ascii ") else WORD)
    return needs


def is_held(kind: str, before: int, behind: int) -> bool:
    """Whether an assertion holds between neighbours of which these facts are known."""
    if kind == "start":
        return bool(before & EDGE)
    if kind == "end":
        return bool(behind & EDGE)
    if kind == "line start":
        return bool(before & (EDGE | NEWLINE))
    if kind == "line end":
        return bool(behind & (EDGE | NEWLINE))
    if kind == "crlf start":
        return bool(before & (EDGE | NEWLINE)) or bool(before & RETURN and not behind & NEWLINE)
    if kind == "crlf end":
        return bool(behind & (EDGE | RETURN)) or bool(behind & NEWLINE and not before & RETURN)
    bit = ASCII_WORD if kind.startswith("ascii ") else WORD
    left, right = bool(before & bit), bool(behind & bit)
    return {
        "word": left is not right,
        "no word": left is right,
        "word start": not left and right,
        "word end": left and not right,
        "half start": not left,
        "half end": not right,
    }[kind.removeprefix("ascii ")]
