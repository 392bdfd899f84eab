"""A page: what a command shows to people, as blocks, and the text that they are in a pipe.

`rich_page` draws the same blocks on a terminal. Whatever is foreign in them is made harmless by either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.reporting.escape import flatten, tame
from taskcontract.reporting.terminal import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Block",
    "Field",
    "Line",
    "Markdown",
    "Span",
    "Style",
    "Table",
    "align",
    "line",
    "pluralise",
    "wrap",
    "write_plain",
]

Style = Literal["", "breaking", "dangerous", "safe", "name", "aside"]

COLOURS = {"breaking": "1;31", "dangerous": "1;33", "safe": "32", "name": "1", "aside": "2"}
FIELD = 12
"""The columns before a field's text."""


class Span(NamedTuple):
    """A piece of a line, in one style."""

    text: str
    style: Style = ""


class Line(NamedTuple):
    """One line; a terminal breaks it at its width, unless it is `whole`, to be copied."""

    spans: tuple[Span, ...]
    whole: bool = False


class Field(NamedTuple):
    """A sentence behind its label, broken beside it."""

    label: str
    text: str


class Table(NamedTuple):
    """Rows of cells in columns, whose heads a terminal shows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    indent: int = 0


class Markdown(NamedTuple):
    """A text of ours in Markdown, which a terminal renders."""

    text: str


Block = Line | Field | Table | Markdown


def line(*parts: str | tuple[str, Style], whole: bool = False) -> Line:
    """Return a Line of texts and of pairs (text, style)."""
    return Line(tuple(Span(part) if isinstance(part, str) else Span(*part) for part in parts), whole)


def write_plain(blocks: Iterable[Block], *, colour: bool = False, width: int = WIDTH) -> str:
    """Return `blocks` as text; `colour` adds a terminal's colours, and nothing else."""
    lines = [each for block in blocks for each in _write_block(block, colour, width)]
    return tame("".join(f"{each}\n" for each in lines), coloured=colour)


def _write_block(block: Block, colour: bool, width: int) -> Iterator[str]:
    match block:
        case Line(spans):
            yield "".join(_draw(flatten(span.text), span.style, colour) for span in spans)
        case Field(label, text):
            first, *others = wrap(flatten(text), width - FIELD)
            yield f"    {_draw(label.ljust(6), 'aside', colour)}  {first}"
            for each in others:
                yield f"{'':{FIELD}}{each}"
        case Table(_, rows, indent):
            for each in align(rows):
                yield f"{'':{indent}}{each}"
        case Markdown(text):
            yield from text.split("\n")


def _draw(text: str, style: Style, colour: bool) -> str:
    return f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if colour and style else text


def align(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the rows as lines with aligned columns, each row on one line whatever is in it."""
    table = [[flatten(cell) for cell in row] for row in rows]
    if not table:
        return []
    widths = [max(len(row[index]) for row in table) for index in range(len(table[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def wrap(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` characters, broken at spaces; never none.

    (The standard library's takes longer to import than a report to render.)
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def pluralise(number: int, noun: str) -> str:
    """Return `1 message`, `2 messages`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
