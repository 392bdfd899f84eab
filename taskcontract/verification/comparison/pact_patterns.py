"""Pact's patterns, spelled for the engines that are here, with the sets that a text needs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from taskcontract.model.pact_regex import spell_pattern

if TYPE_CHECKING:
    from taskcontract.model.character_ranges import Ranges
    from taskcontract.model.pact_regex import Spelled

__all__ = ["UnknownMatchError", "spell"]

SECONDS, STEPS = 60.0, 10_000_000
"""For all characters of a set to be listed, which takes some milliseconds."""


class UnknownMatchError(Exception):
    """Control flow: what Pact says of this pattern and this text is not known; says why."""


def spell(pattern: str, text: str) -> Spelled:
    """Return `pattern` for Python's `fullmatch`, to be held against `text`; UnknownMatchError."""
    spelled = _spell(pattern, lines="\n" in text, ascii_only=text.isascii())
    if spelled.folds and not text.isascii():
        for letter in text:
            if len(letter.casefold()) > 1:
                raise UnknownMatchError(
                    f"whether the pattern {pattern} takes {letter!r} without regard to case is not known here"
                )
    return spelled


@lru_cache(maxsize=1_000)
def _spell(pattern: str, *, lines: bool, ascii_only: bool) -> Spelled:
    return spell_pattern(pattern, _list_ascii if ascii_only else _list_all, lines=lines)


@lru_cache(maxsize=100)
def _list_all(name: str) -> Ranges:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.rust.oracle import list_characters

    return list_characters(name, Budget(SECONDS, STEPS))


@lru_cache(maxsize=100)
def _list_ascii(name: str) -> Ranges:
    from pydantic_core import SchemaValidator, core_schema

    takes = SchemaValidator(
        core_schema.str_schema(pattern=name, regex_engine="rust-regex", strict=True)
    ).isinstance_python
    return tuple((code, code) for code in range(128) if takes(chr(code)))
