"""What tells several sets of characters apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.character_ranges import LAST, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.character_ranges import Ranges


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
