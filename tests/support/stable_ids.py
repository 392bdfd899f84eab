"""Names of tests that are the same in every process: addresses and the order of a set are not."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["stable_id"]

LONGEST = 80


def stable_id(value: Any) -> str | None:
    """What `value` prints as, for pytest's `ids`; None, so that pytest counts, where that may vary."""
    text = str(value)
    varies = isinstance(value, (set, frozenset)) or re.search(r"\{['\"]| at 0x[0-9a-f]+", text)
    return None if varies else text[:LONGEST]
