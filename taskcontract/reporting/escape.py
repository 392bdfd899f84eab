"""Making foreign text harmless where it is shown."""

from __future__ import annotations

import re

__all__ = ["escape_controls"]

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a terminal's cursor, colours it or turns text around; not tab and line feed."""


def escape_controls(text: str) -> str:
    """`text` with each control character spelled out: `\\x1b[31m`."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
