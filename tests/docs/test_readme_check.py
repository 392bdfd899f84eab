"""`taskcontract check` along the README: red where it breaks something, green where it does it right."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.document import make_path
from tests.support.markdown_blocks import read_blocks, read_commands

pytestmark = pytest.mark.process

README = Path(__file__).parents[2] / "README.md"
PUBLISH = "taskcontract snapshot"


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": make_path(os.environ), "NO_COLOR": "1"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def check(folder: Path) -> tuple[int, str, str]:
    """The exit code, the line about the version, and what went wrong."""
    done = run("taskcontract check stock_bindings", folder)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("version:", "Nothing changed"))]
    return done.returncode, "".join(lines), done.stderr


def test_check_agrees_with_the_readme(tmp_path: Path) -> None:
    """Each state of the files from the first publication on, as it is where the README runs a command."""
    states: list[tuple[int, str, str]] = []
    changed = published = False
    for block in read_blocks(README.read_text(encoding="utf-8")):
        if block.kind == "file":
            (tmp_path / block.path).write_text(block.text)
            changed = changed or block.path == "stock_bindings.py"
        elif block.kind == "console":
            for command in (each.text for each in read_commands(block) if each.text.startswith(PUBLISH)):
                done = run(command, tmp_path)
                assert done.returncode == 0, done.stderr
                published = True
            if published and changed:
                states.append(check(tmp_path))
                changed = False
    green, red, right = states
    assert green == (0, "Nothing changed that a caller could notice.", "")
    assert (red[0], red[2]) == (1, "")
    assert "param-reordered needs a major bump" in red[1]
    assert right == (0, "version: needs a minor bump; 1.0.0 -> 2.0.0 is a major one", "")
