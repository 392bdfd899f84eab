"""Sets of characters as sorted ranges of codes, surrogates left out, and what tells several of them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.characters import LAST, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.diff.schemas.regex.characters import Ranges


def merge(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the same characters in ranges that are sorted and do not touch."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def invert(ranges: Ranges) -> Ranges:
    """All other characters."""
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in merge((*ranges, SURROGATES)):
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


def partition(sets: Sequence[Ranges]) -> list[tuple[int, int]]:
    """Where, in order, the sets that hold a character change: its code, and a bit for each set with it."""
    edges: dict[int, int] = {0: 0, SURROGATES[0]: 0, SURROGATES[1] + 1: 0}
    for at, ranges in enumerate(sets):
        for low, high in ranges:
            edges[low] = edges.get(low, 0) ^ (1 << at)
            edges[high + 1] = edges.get(high + 1, 0) ^ (1 << at)
    found: list[tuple[int, int]] = []
    held = 0
    for code in sorted(edges):
        held ^= edges[code]
        if code <= LAST:
            found.append((code, held))
    return found
