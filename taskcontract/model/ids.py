"""Names of tasks and queues, which may hold anything, as ids that JSON Schema and AsyncAPI take."""

from __future__ import annotations

import re

__all__ = ["escape_id", "unescape_id"]

_ESCAPED = re.compile(r"[^A-Za-z0-9._-]|-(?![A-Za-z0-9._])")
"""What is escaped: a hyphen too, where another one or nothing comes after it."""
_ESCAPE = re.compile(r"--([0-9a-f]+)-")
_NOTHING = "--"


def escape_id(name: str) -> str:
    """Return `name` with only letters, digits, `.`, `_` and `-`; two names never have one id.

    Another character is `--`, its code in hexadecimal, and `-`. Ids are safe in URNs too.
    """
    return _ESCAPED.sub(lambda found: f"--{ord(found[0]):x}-", name) or _NOTHING


def unescape_id(escaped: str) -> str:
    """Return the name of which `escape_id` made this."""
    return "" if escaped == _NOTHING else _ESCAPE.sub(lambda found: chr(int(found[1], 16)), escaped)
