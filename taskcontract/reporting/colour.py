"""Whether a stream gets colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

__all__ = ["wants_colour"]


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Colour for a terminal, unless NO_COLOR or TERM=dumb is set; FORCE_COLOR also without one.

    As no-color.org and force-color.org ask: set and not empty.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"
