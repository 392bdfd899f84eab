"""The first caught break in a project that knows nothing of taskcontract, from an empty environment.

Run: python -m benchmarks.first_break
Downloads through pip: what taskcontract needs, and two releases of each project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
STEPS = (
    ("weblate", "5.4.3", "5.5.5"),
    ("apache-superset", "4.1.4", "5.0.0"),
    ("geonode", "4.4.5", "5.0.0"),
)
GOAL = 60
"""Seconds from `pip install` to the first break, in one command."""


def main() -> None:
    """Print how long the installation took and each command after it, and the first break that it found."""
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        subprocess.run([sys.executable, "-m", "venv", room / "venv"], check=True)
        scripts = room / "venv" / "bin"
        installing = [str(scripts / "python"), "-m", "pip", "install", "--quiet", f"{ROOT}[diff]"]
        installed = measure(installing, room).seconds
        print(f"pip install: {installed:.1f} s")
        for project, old, new in STEPS:
            sides = [f"pypi:{project}=={version}" for version in (old, new)]
            done = measure([str(scripts / "taskcontract"), "diff", *sides, "--format", "json"], room)
            findings = json.loads(done.printed)["findings"]
            breaks = [
                f"{each['rule']} in {each['task']}" for each in findings if each["severity"] == "breaking"
            ]
            print(
                f"{project} {old} to {new}: {done.seconds:.1f} s, with the installation "
                f"{installed + done.seconds:.1f} s (goal {GOAL} s); {len(breaks)} breaks: {breaks[0]}"
            )


class Done:
    """What a command printed, and how long it took."""

    def __init__(self, printed: str, seconds: float) -> None:
        self.printed = printed
        self.seconds = seconds


def measure(command: list[str], room: Path) -> Done:
    """Run `command` with an empty cache; one that fails otherwise than with 1 ends the benchmark."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(room / "cache"), "PIP_NO_CACHE_DIR": "1"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=room, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode > 1:
        sys.exit(done.stderr)
    return Done(done.stdout, seconds)


if __name__ == "__main__":
    main()
