"""Making foreign text harmless where it is shown."""

from __future__ import annotations

import re

__all__ = ["escape_controls", "flatten"]

CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, but for tab and line feed
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # what turns text around or ends a line
    "\ud800-\udfff\ufffe\uffff]"  # what is no character
)
"""What moves a terminal's cursor, colours or disguises text, or may not stand in XML."""


def escape_controls(text: str) -> str:
    """`text` with each control character spelled out: `\\x1b[31m`."""
    return CONTROLS.sub(_spell, text)


def flatten(text: str) -> str:
    """The same in one line: tabs and line feeds are spelled out too."""
    return escape_controls(text).replace("\t", "\\t").replace("\n", "\\n")


def _spell(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
