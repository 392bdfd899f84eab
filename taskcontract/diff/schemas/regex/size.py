"""How large the automaton of a pattern becomes once its counts are written out, told without building it."""

from __future__ import annotations

import re

__all__ = ["LARGEST", "LONGEST_PATTERN", "estimate_size"]

#: Characters of a pattern that is looked into: a list of a few thousand words.
LONGEST_PATTERN = 50_000

#: Engines give up on a pattern that becomes larger than about this.
LARGEST = 200_000

#: A class outside ASCII is made of many ranges of bytes.
_CLASS = 40

_TOKEN = re.compile(r"\\[pPwWdDsS]|\\.|\[(?:\\.|[^\]\\])*\]|\{(\d*),?(\d*)\}|\(\?:|.", re.DOTALL)

_WIDE = re.compile(r"\\[pPwWdDsS]|\[\^|\[.*[\\\[&]", re.DOTALL)


def estimate_size(pattern: str) -> int:
    """Roughly how many states an engine makes of the pattern, and at most LARGEST."""
    if len(pattern) > LONGEST_PATTERN:
        return LARGEST
    around: list[int] = []
    total = last = 0
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        if text in ("(", "(?:"):
            around.append(total + last)
            total = last = 0
        elif text == ")":
            last = total + last
            total = around.pop() if around else 0
        elif text[0] == "{" and len(text) > 1:
            last *= int((token.group(2) or token.group(1) or "1")[:9])
        else:
            total += last
            last = _CLASS if _WIDE.match(text) else 1
        if total + last > LARGEST:
            return LARGEST
    return min(total + last + sum(around), LARGEST)
