"""A project in a folder of its own, in which the command runs as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PUSHER = """\
from dataclasses import dataclass
from taskcontract import Service

pusher = Service("pusher", queue="pusher")


@dataclass
class Stored:
    url: str


@pusher.task(version="1.0.0")
def send_to_s3(key: str, content: str) -> str: ...


@pusher.task(version="2.0.0", supersedes=send_to_s3)
def send_to_s3_v2(key: str, content: str, meta: dict[str, str]) -> Stored: ...
"""


class Project:
    """A folder with files, in which `run` runs the command."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The finished command; a traceback in its output fails the test."""
        done = subprocess.run(
            [sys.executable, "-m", "taskcontract", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done
