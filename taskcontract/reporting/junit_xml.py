"""The elements of JUnit XML, of whatever report they are; foreign text in them is shown, never read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from taskcontract.reporting.escape import escape_controls, flatten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Counts", "open_case", "quote", "say_notes", "spell_counts", "write_body", "write_suites"]

Counts = tuple[int, int, int]
"""How many tests there are, how many of them failed, and how many are skipped."""


def write_suites(suites: Iterable[Sequence[str]], counts: Iterable[Counts]) -> str:
    """Return the document of the lines of all `suites`."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="taskcontract" {spell_counts(counts)}>',
            *(line for suite in suites for line in suite),
            "</testsuites>",
            "",
        ]
    )


def spell_counts(counts: Iterable[Counts]) -> str:
    """Return the sum of `counts` as attributes."""
    tests, failures, skipped = map(sum, zip(*counts, strict=True))
    return f'tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"'


def open_case(classname: str, name: str) -> str:
    """Return the start tag of a test case."""
    return f"    <testcase classname={quote(classname)} name={quote(name)}>"


def write_body(text: str, failure: tuple[str, str] | None) -> str:
    """Return the text of a case, as a failure of a type and with a message where it is one."""
    shown = escape(escape_controls(text))
    if failure is None:
        return f"      <system-out>{shown}</system-out>"
    return f'      <failure type="{failure[0]}" message={quote(failure[1])}>{shown}</failure>'


def say_notes(notes: Iterable[str]) -> list[str]:
    """Return the remarks at the end of a suite."""
    text = escape(escape_controls("\n".join(f"note: {flatten(note)}" for note in notes)))
    return [f"    <system-out>{text}</system-out>"] if text else []


def quote(text: str) -> str:
    """Return `text` as an attribute's value, with its quotes."""
    return quoteattr(flatten(text))
