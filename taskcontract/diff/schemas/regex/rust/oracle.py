"""Rust's own regular expressions, asked through pydantic-core: what compiles, matches, is in a class.

What a class of characters holds depends on the release of Unicode that the engine was built with. So no table
of ours says it: the engine is asked for all characters at once, block by block.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.size import LONGEST_PATTERN, estimate_size
from taskcontract.model.character_ranges import LAST, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.model.character_ranges import Ranges

_PLANE = 0x10000
_SIZE_OF_A_STEP = 64
_LARGE = 4_000
"""States of a pattern that is not kept compiled for long: one of 80,000 takes some 50 MB."""

_classes: dict[str, Ranges] = {}
_MOST_CLASSES = 512


class PatternRefusedError(Exception):
    """Control flow: the engine does not compile the pattern; says why."""


def open_pattern(pattern: str, budget: Budget) -> Callable[[str], bool]:
    """Return a test whether the pattern is found in a string; raise PatternRefusedError for a bad pattern."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefusedError(f"it has {len(pattern):,} characters, more than {LONGEST_PATTERN:,}")
    # The engine cannot be interrupted: before a large pattern the clock is looked at.
    size = estimate_size(pattern)
    budget.spend(1 + size // _SIZE_OF_A_STEP)
    return _open_large(pattern) if size > _LARGE else _open_small(pattern)


def _compile(pattern: str) -> Callable[[str], bool]:
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        checker = SchemaValidator(
            core_schema.str_schema(pattern=pattern, regex_engine="rust-regex", strict=True)
        )
    except SchemaError as error:
        last = str(error).strip().splitlines()[-1].strip()
        why = last.removeprefix("SchemaError: ").removeprefix("error: ").removesuffix(".")
        raise PatternRefusedError(f"Rust's regex refuses it: {why}") from None
    return checker.isinstance_python


_open_small = lru_cache(maxsize=512)(_compile)
_open_large = lru_cache(maxsize=2)(_compile)


def list_characters(expression: str, budget: Budget) -> Ranges:
    r"""Return the characters that an expression of one character, such as `[\w&&\p{Greek}]`, accepts."""
    known = _classes.get(expression)
    if known is None:
        some, every = (open_pattern(pattern, budget) for pattern in (expression, rf"\A(?:{expression})*\z"))
        found: list[tuple[int, int]] = []
        for low, text in _list_blocks():
            _look(low, text, some, every, found, budget)
        known = _join(found)
        if len(_classes) >= _MOST_CLASSES:
            del _classes[next(iter(_classes))]
        _classes[expression] = known
    return known


def _look(
    low: int,
    text: str,
    some: Callable[[str], bool],
    every: Callable[[str], bool],
    found: list[tuple[int, int]],
    budget: Budget,
) -> None:
    budget.spend()
    if not some(text):
        return
    if len(text) == 1 or every(text):
        found.append((low, low + len(text) - 1))
        return
    middle = len(text) // 2
    _look(low, text[:middle], some, every, found, budget)
    _look(low + middle, text[middle:], some, every, found, budget)


def _list_blocks() -> Iterator[tuple[int, str]]:
    """All characters, in order, in blocks with their first codes, without surrogates."""
    codes = bytearray(4 * _PLANE)
    codes[0::4] = bytes(range(256)) * 256
    codes[1::4] = b"".join(bytes((high,)) * 256 for high in range(256))
    yield 0, codes[: 4 * SURROGATES[0]].decode("utf-32-le")
    yield SURROGATES[1] + 1, codes[4 * (SURROGATES[1] + 1) :].decode("utf-32-le")
    for plane in range(1, LAST // _PLANE + 1):
        codes[2::4] = bytes((plane,)) * _PLANE
        yield plane * _PLANE, codes.decode("utf-32-le")


def _join(ranges: list[tuple[int, int]]) -> Ranges:
    if not ranges:
        return ()
    starts = [ranges[0][0]]
    ends: list[int] = []
    for (_, end), (start, _) in pairwise(ranges):
        if start > end + 1:
            ends.append(end)
            starts.append(start)
    return tuple(zip(starts, [*ends, ranges[-1][1]], strict=True))
