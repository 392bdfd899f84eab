"""One edit on trial: what `taskcontract check` and `pytest --taskcontract` say of a copy that holds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.breaking_change import copy_project
from demo.s3 import connect, make_environment
from demo.worker import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mutants.edits import Edit

__all__ = ["Trial", "try_edit"]

_SECONDS = 180
"""The longest that a command may take: the verifier has shorter limits of its own."""

_COMMANDS = {
    "check": ("taskcontract", "check"),
    "contracts": ("pytest", "--taskcontract", "-q", "-p", "no:cacheprovider"),
}


@dataclass(frozen=True)
class Trial:
    """What became of an edit: which command ended with 1, if one did, and all that was printed."""

    edit: Edit
    caught_by: str
    output: str

    @property
    def trouble(self) -> str:
        """What is wrong with that; empty where nothing is."""
        if "Traceback (most recent call last)" in self.output and "taskcontract/cli" in self.output:
            return "a traceback of ours"
        if not self.edit.said:
            return f"a false alarm of {self.caught_by}" if self.caught_by else ""
        if not self.caught_by:
            return "SURVIVED"
        return "" if self.edit.said in self.output else f"{self.caught_by} does not say {self.edit.said!r}"


def try_edit(edit: Edit, folder: Path, s3: str) -> Trial:
    """Make `edit` in a copy of the project in `folder` and run the commands until one fails.

    `folder` is removed. `s3` is the URL of an S3. Raises RuntimeError where a command
    ends with a code that says neither yes nor no.
    """
    project = folder / "project"
    copy_project(ROOT, project)
    _allow_slow_start(project / "pyproject.toml")
    edit.apply(project)
    bucket = folder.name.replace("_", "-").lower()
    connect(s3).create_bucket(Bucket=bucket)
    environment = {
        **os.environ,
        **make_environment(s3, bucket=bucket),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "200",
    }
    # Which a colleague does who is told to by `generate --check`.
    _run((sys.executable, "-m", "taskcontract", "generate", "bindings.pusher"), project, environment)
    output = ""
    try:
        for name, words in _COMMANDS.items():
            code, printed = _run((sys.executable, "-m", *words), project, environment)
            output += printed
            if code == 1 or (code == 2 and edit.said):
                return Trial(edit, name, output)
            if code:
                raise RuntimeError(f"{edit.name}: {' '.join(words)} ended with {code}:\n{printed}")
    finally:
        shutil.rmtree(folder)
    return Trial(edit, "", output)


def _allow_slow_start(configuration: Path) -> None:
    """Let a worker take its time: two lanes on a busy machine are no fault of an edit."""
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(
        text.replace("[tool.taskcontract]\n", "[tool.taskcontract]\nstartup_timeout = 120\n"),
        encoding="utf-8",
    )


def _run(command: tuple[str, ...], project: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout
