"""The page of the command line: what each command says of itself under --help."""

from __future__ import annotations

import os
import re
import subprocess
import sys

INTRODUCTION = """\
# Every command's options

What `taskcontract COMMAND --help` says. [The command line](../cli.md) follows a service through them.
"""


def write_commands() -> str:
    """The page, with a section for each command that `taskcontract --help` lists."""
    overview = _ask_help()
    sections = [f"## {name}\n\n{_show(_ask_help(name))}" for name in read_commands(overview)]
    return "\n".join([INTRODUCTION, _show(overview), *sections])


def read_commands(overview: str) -> list[str]:
    """The names below the line `commands:`, up to the first empty line."""
    section = re.search(r"^commands:\n((?:[ \t]+\S.*\n)+)", overview, re.MULTILINE | re.IGNORECASE)
    assert section is not None, f"no list of commands in:\n{overview}"
    return re.findall(r"^ {2}(\S+)", section[1], re.MULTILINE)


def _show(text: str) -> str:
    return f"```text\n{text}\n```\n"


def _ask_help(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "taskcontract", *command, "--help"],
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()
