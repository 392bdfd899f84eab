"""What a stream can show: whether it is a terminal, with colours, and how wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

__all__ = ["WIDTH", "find_width", "is_animated", "is_terminal", "wants_colour"]

WIDTH = 100
"""The columns that sentences are broken at where there is no terminal, and at most on a wide one."""
NARROWEST = 20


def is_terminal(stream: TextIO) -> bool:
    """Whether `stream` is a terminal; False for one that is closed."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Colour for a terminal, unless NO_COLOR or TERM=dumb is set; FORCE_COLOR also without one.

    As no-color.org and force-color.org ask: set and not empty.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and environment.get("TERM") != "dumb"


def is_animated(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a line of `stream` may be drawn again and again."""
    return is_terminal(stream) and environment.get("TERM") != "dumb"


def find_width(stream: TextIO, environment: Mapping[str, str]) -> int:
    """Return the columns of a terminal: those of COLUMNS, else its own, else 80."""
    given = environment.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given):
        return max(int(given), NARROWEST)
    import os

    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns or 80, NARROWEST)
