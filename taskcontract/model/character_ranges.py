"""Sets of characters as sorted ranges of codes, surrogates left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LAST", "SURROGATES", "Ranges", "invert", "merge"]

Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST: Final = 0x10FFFF
SURROGATES: Final = (0xD800, 0xDFFF)


def merge(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the same characters in ranges that are sorted and apart."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def invert(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return all other characters."""
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in merge((*ranges, SURROGATES)):
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)
