"""What the demo shows: short headings, commands as one would type them, and their real output."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["head", "run", "say"]

WIDTH = min(shutil.get_terminal_size((100, 24)).columns, 100)


def head(text: str) -> None:
    """Open a part of the demo."""
    rule = "─" * max(0, WIDTH - len(text) - 4)
    say(f"\n{_paint(f'── {text} {rule}', '1;36')}")


def say(text: str, colour: str = "") -> None:
    """Print a line at once: the commands print between the lines."""
    print(_paint(text, colour) if colour else text, flush=True)


def run(shown: str, command: list[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run a command as if it was typed as `shown`, with its output as it comes; its exit code."""
    say(_paint(f"$ {shown}", "1"))
    own = {"PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])}  # noqa: PTH120
    return subprocess.run(  # noqa: S603 - the demo's own commands
        command, cwd=folder, env={**os.environ, **own, **environment}, stdin=subprocess.DEVNULL, check=False
    ).returncode


def _paint(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text
