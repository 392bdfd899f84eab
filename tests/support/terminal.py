"""A real pseudo-terminal that a command runs on, and what it writes there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import NamedTuple

__all__ = ["Screen", "run_on_terminal"]

SEQUENCES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Screen(NamedTuple):
    """What was written to a terminal, and the exit code."""

    code: int
    raw: str

    @property
    def text(self) -> str:
        """What was written, without escape sequences."""
        return SEQUENCES.sub("", self.raw)

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.splitlines()

    @property
    def is_coloured(self) -> bool:
        """Whether a colour or a weight was set."""
        return re.search(r"\x1b\[[0-9;]*m", self.raw) is not None


def run_on_terminal(
    command: list[str], folder: Path, *, columns: int = 80, stdout: Path | None = None, **environment: str
) -> Screen:
    """Run Python with `command` where stdout and stderr are a terminal of so many `columns`.

    With `stdout` only stderr is.
    """
    kept = {
        key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
    }
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    try:
        with (stdout or Path(os.devnull)).open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=folder,
                env={**kept, "TERM": "xterm-256color", **environment},
                stdin=subprocess.DEVNULL,
                stdout=file if stdout else theirs,
                stderr=theirs,
            )
        os.close(theirs)
        written = bytearray()
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            written += part
        return Screen(process.wait(60), written.decode().replace("\r\n", "\n"))
    finally:
        os.close(ours)
