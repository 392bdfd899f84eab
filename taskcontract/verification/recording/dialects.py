"""In whose words a test's pattern is: Python's, Pact's, or those of both."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from taskcontract.model.matchers import LONGEST_PATTERN, PYTHON
from taskcontract.model.pact_regex import find_pact_fault
from taskcontract.model.pattern_form import is_slow_to_compile

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["write_pattern"]

_SET = r"\[\^?(?:\\[dswDSW.\-\[\]\\/^$*+?(){}|]|[^\\\[\]&~|^-]|-(?!-))+\]"
_ONE = rf"(?:\\[dswDSW.\-\[\]\\/^$*+?(){{}}|]|{_SET}|[^\\\[\](){{}}*+?|^$])"
_TIMES = r"(?:[*+?]\??|\{[0-9]{1,3}\}(?!\?)|\{[0-9]{1,3},[0-9]{0,3}\}\??)?+(?![*+?{])"
_ALIKE = re.compile(rf"(?:{_ONE}{_TIMES}|\((?:\?:)?|\){_TIMES}|[|]|[\^$](?![*+?{{]))*+", re.ASCII)
"""What both read alike, in texts of one line."""


def write_pattern(pattern: str) -> dict[str, Json]:
    """Return the parameters of a `regex` rule: the pattern, and whether it is one of Python's alone.

    A pattern that Python does not read, or warns of (`[[:alpha:]]`), is one of Pact's.
    """
    if len(pattern) > LONGEST_PATTERN or is_slow_to_compile(pattern):
        return {"regex": pattern, "dialect": PYTHON}  # whose reader refuses it
    if _ALIKE.fullmatch(pattern) or (not _is_pythons(pattern) and find_pact_fault(pattern) is None):
        return {"regex": pattern}
    return {"regex": pattern, "dialect": PYTHON}


def _is_pythons(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (ValueError, re.error, RecursionError, OverflowError, FutureWarning, DeprecationWarning):
        return False
    return True
