"""The live verification tests again and again, every second time while all cores are busy: none may flake.

Run: python -m tests.soak [--runs N] [PYTEST'S ARGUMENTS]

What a failed run said is kept in .cache/soak. The exit code is 1 if one failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = "tests/live/verification"
KEPT = Path(".cache/soak")


def main() -> int:
    """Print one line per run and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    options, rest = parser.parse_known_args()
    failed = []
    for number in range(1, options.runs + 1):
        busy = number % 2 == 0
        started = time.monotonic()
        with busy_cores(os.cpu_count() or 1 if busy else 0):
            code, output = run_tests(rest or [TESTS])
        seconds = time.monotonic() - started
        print(
            f"{number} {'busy' if busy else 'calm'} {'failed' if code else 'passed'} {seconds:.0f} s",
            flush=True,
        )
        if code:
            failed.append(number)
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{number}.txt").write_text(output)
    told = f", what they said is in {KEPT}" if failed else ""
    print(f"{options.runs} runs, {options.runs // 2} of them with busy cores: {len(failed)} failed{told}")
    return 1 if failed else 0


def run_tests(arguments: list[str]) -> tuple[int, str]:
    """The exit code and the output of one run."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """So many processes that do nothing but compute."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
