"""Where a command's result goes: stdout or a file."""

from __future__ import annotations

import sys

__all__ = ["write_output"]


def write_output(text: str, file: str | None) -> None:
    """Write `text` to `file`; to stdout if that is None or `-`."""
    if file is None or file == "-":
        sys.stdout.write(text)
        return
    from taskcontract.model.files import write_file

    write_file(file, text)
