"""Reading a project's tasks from its source, against parsing all of it and against griffe's static load.

`python -m benchmarks.static_reading [FOLDER]` reads a folder of Python, by default all that is installed
here. Each reader runs in a process of its own. griffe is left out, with a word, where `.ci/peers` has not
put it.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

PEERS = Path(".cache/peers/bin/python")
SECONDS_GOAL, GRIFFE_GOAL = 2.0, 10.0
LINES_GOAL = 850_000
MOST_SECONDS = 900

OURS = """
import sys, time
started = time.perf_counter()
from pathlib import Path
from taskcontract.extract.sources.folder import FolderTree
from taskcontract.extract.static.project import read_project
found = read_project(FolderTree(Path(sys.argv[1]), "project"))
print(time.perf_counter() - started, len(found.spec.tasks))
"""

PARSING = """
import ast, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
started, lines = time.perf_counter(), 0
for path in Path(sys.argv[1]).rglob("*.py"):
    text = path.read_bytes()
    lines += text.count(b"\\n")
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
print(time.perf_counter() - started, lines)
"""

GRIFFE = """
import logging, sys, time
from pathlib import Path
logging.disable()
started, loaded = time.perf_counter(), 0
import griffe
root = Path(sys.argv[1])
for path in sorted(root.iterdir()):
    if (path / "__init__.py").is_file():
        try:
            griffe.load(path.name, search_paths=[root], allow_inspection=False, try_relative_path=False)
        except Exception:
            continue
        loaded += 1
print(time.perf_counter() - started, loaded)
"""


def run(python: str, code: str, folder: str) -> tuple[float, int]:
    """Return the seconds that `code` took in a process of its own, and what it counted."""
    done = subprocess.run(
        [python, "-c", code, folder], check=True, capture_output=True, text=True, timeout=MOST_SECONDS
    )
    seconds, count = done.stdout.split()
    return float(seconds), int(count)


def main() -> None:
    """Print the ratios to parsing everything and to griffe, and the seconds for the lines of the goal."""
    folder = sys.argv[1] if len(sys.argv) > 1 else sysconfig.get_path("purelib")
    run(sys.executable, PARSING, folder)  # so that all find the files in the system's cache
    parsing, lines = run(sys.executable, PARSING, folder)
    ours, tasks = run(sys.executable, OURS, folder)
    scaled = ours * LINES_GOAL / lines
    print(f"{lines:,} lines, {tasks} tasks: {ours:.2f} s")
    print(f"for {LINES_GOAL:,} lines: {scaled:.2f} s (goal {SECONDS_GOAL} s)")
    print(f"ast.parse of every file: {parsing:.2f} s, {parsing / ours:.1f} x as long")
    if not PEERS.exists():
        print("griffe is not installed: `.ci/peers` does so")
        return
    theirs, packages = run(str(PEERS), GRIFFE, folder)
    ratio = theirs / ours
    print(f"griffe, {packages} packages: {theirs:.2f} s, {ratio:.1f} x as long (goal {GRIFFE_GOAL} x)")


if __name__ == "__main__":
    main()
