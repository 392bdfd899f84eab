"""A page on a terminal, drawn by Rich: colours, tables and sentences that keep to its width."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markdown import Markdown as RichMarkdown
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from taskcontract.reporting.escape import escape_controls, flatten, tame
from taskcontract.reporting.page import FIELD, Block, Field, Line, Markdown, Span, Table
from taskcontract.reporting.terminal import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["draw"]

STYLES = {"breaking": "bold red", "dangerous": "bold yellow", "safe": "green", "name": "bold", "aside": "dim"}
LEAST = 16
"""The columns that a sentence, or the last column of a table, is given at least."""


def draw(blocks: Iterable[Block], *, width: int, colour: bool) -> str:
    """Return `blocks` as a terminal of `width` columns shows them, with escape sequences if in `colour`."""
    console = Console(
        file=StringIO(),
        width=width,
        height=100,
        force_terminal=True,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        for block in blocks:
            _draw_block(block, console)
    return tame("".join(f"{each.rstrip()}\n" for each in captured.get().splitlines()), coloured=True)


def _draw_block(block: Block, console: Console) -> None:
    match block:
        case Line(spans, whole):
            _draw_line(spans, console, whole=whole)
        case Field(label, text):
            lead = Text.assemble("    ", (label.ljust(6), STYLES["aside"]), "  ")
            _hang(lead, Text(flatten(text)), FIELD, min(console.width, WIDTH), console)
        case Table():
            _draw_table(block, console)
        case Markdown(text):
            shown = RichMarkdown(escape_controls(text), code_theme="ansi_dark", hyperlinks=False)
            console.print(Padding(shown, (0, max(0, console.width - WIDTH), 0, 0)))


def _draw_line(spans: Sequence[Span], console: Console, *, whole: bool) -> None:
    text = Text.assemble(*((flatten(span.text), STYLES.get(span.style, "")) for span in spans))
    indent = len(text.plain) - len(text.plain.lstrip(" "))
    if whole or text.cell_len <= console.width:
        console.print(text, soft_wrap=True)
    else:
        _hang(Text(" " * indent), text[indent:], indent + 2, console.width, console)


def _hang(lead: Text, text: Text, hang: int, width: int, console: Console) -> None:
    """Print `text` behind `lead`, broken at spaces; further lines begin at the column `hang`."""
    lines = text.wrap(console, max(LEAST, width - hang), overflow="fold") or [Text()]
    for number, each in enumerate(lines):
        each.rstrip()
        console.print(Text.assemble(lead if number == 0 else " " * hang, each), soft_wrap=True)


def _draw_table(table: Table, console: Console) -> None:
    if not table.rows:
        return
    drawn = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=STYLES["aside"])
    columns = list(zip(*table.rows, strict=True))
    *others, last = range(len(columns))
    room = console.width - table.indent - LEAST
    fixed = room - sum(max(map(len, map(flatten, columns[index]))) + 2 for index in others) >= 0
    for index, head in zip((*others, last), table.heads, strict=True):
        drawn.add_column(head, overflow="fold", no_wrap=fixed and index != last)
    for row in table.rows:
        drawn.add_row(*(Text(flatten(cell)) for cell in row))
    console.print(Padding(drawn, (0, 0, 0, table.indent)))
