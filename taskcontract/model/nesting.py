"""Bound how deeply a message may be nested, since reading it is recursive."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["DEEPEST", "find_id", "is_too_deep", "is_too_deep_text"]

DEEPEST = 200
"""Levels that the headers of a message may have: fewer than the interpreter has room for, wherever they are
read. It is counted by us, so that the same message gets the same answer everywhere."""

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
ID = re.compile(rb'"id"\s*:\s*"([ !#-\[\]-~]{1,255})"')


def is_too_deep_text(raw: bytes) -> bool:
    """Return whether the JSON text `raw` has more levels than DEEPEST; found out without reading it."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for token in TOKEN.finditer(raw):
        first = token.group()[:1]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif first in b"]}":
            depth -= 1
    return False


def is_too_deep(value: Any) -> bool:
    """Return whether `value` has more levels than DEEPEST."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            item
            for each in level
            if isinstance(each, (dict, list, tuple))
            for item in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def find_id(raw: bytes) -> str:
    """Return the first id in a message that is not read; empty where there is none."""
    found = ID.search(raw)
    return found.group(1).decode() if found else ""
