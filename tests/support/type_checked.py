"""mypy over what is generated, as a user runs it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.celery_worker import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CACHE = ROOT / ".cache/mypy-generated"
"""Shared by all tests: this package and Celery, which all of it imports, take half a minute when cold."""


def run_mypy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mypy in `folder`, one at a time: the first fills the cache, and the others wait for that."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={CACHE}", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={**os.environ, "MYPYPATH": f".:{ROOT}"},
        )


def check_types(folder: Path, *files: str) -> str:
    """The text that mypy ends with, such as `Success: ...`, when it checks the files of `folder` strictly."""
    done = run_mypy(folder, "--disable-error-code=empty-body", *files)
    assert done.stdout.startswith("Success") == (done.returncode == 0), done.stdout + done.stderr
    return done.stdout
