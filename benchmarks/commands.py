"""Whole commands from a cold start: `taskcontract diff` beside an import, `griffe check` and `buf breaking`.

`python -m benchmarks.commands` prints each ratio of medians, measured in turn in one run. `--peers` names
the folder that `.ci/peers` fills; what is not there is left out, with a word.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.diff_speed import list_parameters, make_spec, write_module
from taskcontract.model.spec_file import dump_spec

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, LARGE = 20, 5_000
PROTO_TYPES = {"str": "string", "int": "int64", "bool": "bool", "float": "double"}


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", type=Path, default=Path(".cache/peers"))
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    peers = options.peers.absolute()
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        click = [sys.executable, "-c", "import json, click"]
        shown = [taskcontract(), "--help"]
        small = diff(room, SMALL)
        report("--help, cold", "import json, click", shown, click, options.rounds, 1.3, clock=cpu_seconds)
        report(
            "diff of 20 tasks, cold", "import json, click", small, click, options.rounds, 2, clock=cpu_seconds
        )
        ours = diff(room, LARGE)
        griffe = peers / "bin" / "griffe"
        if griffe.exists():
            check = [str(griffe), "check", "bench", "--against", "HEAD~1", "--search", "."]
            report("diff of 5,000 tasks, cold", "griffe check", ours, check, 3, 0.25, repository(room))
        else:
            print(f"griffe is not in {options.peers}: .ci/peers installs it")
        buf = peers / "node_modules" / ".bin" / "buf"
        if buf.exists():
            old, new = (protos(room, edited=edited) for edited in (False, True))
            breaking = [str(buf), "breaking", str(new), "--against", str(old)]
            report("diff of 5,000 tasks, cold", "buf breaking", ours, breaking, 3, None)
        else:
            print(f"buf is not in {options.peers}: .ci/peers installs it where there is npm")


def diff(room: Path, tasks: int) -> list[str]:
    """The command that compares two specs of that size, one task in ten changed."""
    files = []
    for edited in (False, True):
        file = room / f"{tasks}-{edited}.json"
        file.write_text(dump_spec(make_spec(tasks, edited=edited)))
        files.append(str(file))
    return [taskcontract(), "diff", *files]


def cpu_seconds() -> float:
    """The CPU time of the processes that have ended, which another process's work changes less."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def taskcontract() -> str:
    """The command as it is installed."""
    return str(Path(sys.executable).parent / "taskcontract")


def repository(room: Path) -> Path:
    """A git repository whose last commit makes the same changes to the same tasks, as functions."""
    folder = room / "repository"
    git = ["git", "-C", str(folder), "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for edited in (False, True):
        made = room / f"module-{edited}"
        write_module(made, LARGE, edited=edited)
        folder.mkdir(exist_ok=True)
        (made / "bench.py").replace(folder / "bench.py")
        if not edited:
            subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-q", "-m", "change"], check=True)
    return folder


def protos(room: Path, *, edited: bool) -> Path:
    """The same tasks as messages of Protocol Buffers."""
    folder = room / f"protos-{edited}"
    folder.mkdir()
    lines = ['syntax = "proto3";', "package bench;"]
    for number in range(LARGE):
        fields = [
            f"  {PROTO_TYPES[kind]} {name} = {place};"
            for place, (name, kind, _) in enumerate(list_parameters(number, edited=edited), 1)
        ]
        lines += [f"message Task{number:05} {{", *fields, "}"]
    (folder / "bench.proto").write_text("\n".join(lines) + "\n")
    return folder


def report(
    what: str,
    against: str,
    ours: list[str],
    theirs: list[str],
    rounds: int,
    goal: float | None,
    folder: Path | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Time both commands in turn by `clock` and print the ratio of the medians."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    taken: dict[int, list[float]] = {0: [], 1: []}
    for count in range(rounds + 1):
        for side, command in enumerate((ours, theirs)):
            started = clock()
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode not in (0, 1, 100):  # 100: buf has found a break
                raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
            if count:  # the first round writes the byte code
                taken[side].append(clock() - started)
    left, right = (statistics.median(times) for times in taken.values())
    aim = f" (goal {goal} x)" if goal else ""
    print(
        f"{what}: {left * 1000:.0f} ms against {right * 1000:.0f} ms for {against}: {left / right:.2f} x{aim}"
    )


if __name__ == "__main__":
    main()
