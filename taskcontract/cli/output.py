"""Where a command's result goes: a page to people, a text to stdout or into a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from taskcontract.reporting.page import Block

__all__ = ["show_page", "write_output"]


def show_page(blocks: Iterable[Block], stream: TextIO | None = None) -> None:
    """Write `blocks` to `stream` (default: stdout): drawn by Rich on a terminal, as plain text elsewhere."""
    from taskcontract.reporting.page import write_plain
    from taskcontract.reporting.terminal import WIDTH, find_width, is_terminal, wants_colour

    seen = stream or sys.stdout
    colour, width = wants_colour(seen, os.environ), WIDTH
    if is_terminal(seen):
        columns = find_width(seen, os.environ)
        width = min(columns, WIDTH)
        try:
            from taskcontract.reporting.rich_page import draw
        except ImportError:  # a service's own environment need not have it
            pass
        else:
            seen.write(draw(blocks, width=columns, colour=colour))
            return
    seen.write(write_plain(blocks, colour=colour, width=width))


def write_output(text: str, file: str | None) -> None:
    """Write `text` to `file`; to stdout if that is None or `-`."""
    if file is None or file == "-":
        sys.stdout.write(text)
        return
    from taskcontract.model.files import write_file

    write_file(file, text)
