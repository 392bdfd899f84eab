"""The help of commands: their parameters in sections, and the examples and exit codes below them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["write_epilog", "write_parameters"]

_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
"""What parts the two columns of an indented line."""


def write_parameters(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the arguments that have a help text, then the options, section by section."""
    sections: dict[str, list[tuple[str, str]]] = {"arguments": [], "options": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None and record[1]:
            kind = "arguments" if isinstance(parameter, click.Argument) else "options"
            sections.setdefault(getattr(parameter, "section", kind), []).append(record)
    for name, rows in sections.items():
        if rows:
            with formatter.section(name):
                formatter.write_dl(rows, col_max=24)


def write_epilog(text: str, formatter: click.HelpFormatter) -> None:
    """Write `text`: sentences are broken to the width, indented lines stay, with a second column broken."""
    for paragraph in text.strip().split("\n\n"):
        formatter.write_paragraph()
        for is_indented, lines in groupby(paragraph.splitlines(), key=lambda line: line.startswith("  ")):
            if is_indented:
                _write_indented(list(lines), formatter)
            else:
                formatter.write_text(" ".join(lines))


def _write_indented(lines: Sequence[str], formatter: click.HelpFormatter) -> None:
    rows = []
    for line in lines:
        first, *second = _GAP.split(line.strip(), maxsplit=1)
        rows.append((first, "".join(second)))
    widest = max((len(first) for first, second in rows if second), default=0)
    with formatter.indentation():
        formatter.write_dl(rows, col_max=min(widest, formatter.width // 2), col_spacing=3)
