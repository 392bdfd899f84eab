"""Small things that several reports of the running system share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["align", "pluralise"]


def align(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """Return the rows as lines with aligned columns, each row on one line whatever is in it."""
    table = [[flatten(str(cell)) for cell in row] for row in rows]
    if not table:
        return []
    widths = [max(len(row[index]) for row in table) for index in range(len(table[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def pluralise(number: int, noun: str) -> str:
    """Return `1 message`, `2 messages`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
