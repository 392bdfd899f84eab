"""Released packages, downloaded once through pip."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["download"]

_SECONDS = 300


def download(project: str, version: str, folder: Path) -> Path:
    """Return the wheel or sdist of a release in `folder`, downloaded where it is not there yet.

    Raises RuntimeError with what pip said where it cannot be had.
    """
    kept = folder / f"{project}-{version}"
    if not kept.is_dir():
        partial = folder / f"{project}-{version}.partial"
        partial.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python"]
        command += ["--no-build-isolation", "--quiet", "--dest", str(partial), f"{project}=={version}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        if done.returncode:
            raise RuntimeError(f"{project} {version} cannot be downloaded: {done.stderr.strip()}")
        partial.rename(kept)
    (package,) = kept.iterdir()
    return package
