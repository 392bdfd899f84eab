"""mypy over what is generated, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.celery_worker import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CACHE = ROOT / ".cache/mypy-generated"
"""Shared by all tests: this package and Celery, which all of it imports, take half a minute when cold."""


def check_types(folder: Path, *files: str) -> str:
    """The text that mypy ends with, such as `Success: ...`, when it checks the files of `folder` strictly."""
    command = [sys.executable, "-m", "mypy", "--strict", "--disable-error-code=empty-body"]
    done = subprocess.run(
        [*command, f"--cache-dir={CACHE}", *files],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )
    assert done.stdout.startswith("Success") == (done.returncode == 0), done.stdout + done.stderr
    return done.stdout
