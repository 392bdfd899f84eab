"""What could not be known of a source without running it: listed, so that it is not taken for absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from taskcontract.extract.found import Unresolved
    from taskcontract.model.canonical import Json
    from taskcontract.reporting.report import Side

__all__ = ["Unknown", "compare_unresolved", "count_unresolved", "say_unresolved", "unresolved_json"]


class Unknown(NamedTuple):
    """What is not known, and on which side of a comparison."""

    side: Literal["old", "new", "both"]
    file: str
    line: int
    what: str


def compare_unresolved(old: Side, new: Side) -> list[Unknown]:
    """Return what either side could not resolve, by file and line; what both lack at one place once."""
    was, now = set(old.unresolved), set(new.unresolved)
    rows = [
        Unknown(
            "both" if each in was and each in now else "old" if each in was else "new", *each.place, each.what
        )
        for each in was | now
    ]
    return sorted(rows, key=lambda row: (row.file, row.line, row.what))


def count_unresolved(number: int) -> str:
    """Return the sentence of how many places are not known."""
    places = "one place" if number == 1 else f"{number:,} places"
    return f"{places} could not be resolved without running code: what changed there is not known"


def say_unresolved(source: str, unresolved: Collection[Unresolved]) -> str:
    """Return the lines on what was not known of the `source` of what a command wrote; "" where all was."""
    if not unresolved:
        return ""
    from taskcontract.reporting.escape import flatten

    rows = [f"  {flatten(f'{each.place}  {each.what}')}\n" for each in unresolved]
    return f"{source}: {count_unresolved(len(rows))}\n{''.join(rows)}"


def unresolved_json(rows: Iterable[Unresolved]) -> list[Json]:
    """Return what one source could not resolve, as JSON."""
    return [{"file": row.place.file, "line": row.place.line, "what": row.what} for row in rows]
