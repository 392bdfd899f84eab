"""How long two specs of thousands of tasks take to compare, beside griffe on equivalent modules.

`python -m benchmarks.diff_speed` compares 5,000 tasks of 5 parameters, one in ten of them changed, and twice
and half as many, to show that the time grows with the tasks. It also times griffe's `find_breaking_changes`,
with the loading of both modules, and prints the ratio; `--at-most 0.5` makes it a check. `.ci/peers` installs
griffe; `--python` names an interpreter that has it elsewhere.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.diff import Policy, find_changes
from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Callable

PARAMETERS = 5
ANNOTATIONS = {"str": "string", "int": "integer", "bool": "boolean"}
ROUNDS = 3
PEERS = Path(".cache/peers/bin/python")
"""Where `.ci/peers` puts what cannot live beside this project's dependencies."""
GRIFFE = """
import gc, sys, time
import griffe
for _ in range(int(sys.argv[1])):
    gc.collect()
    start = time.perf_counter()
    old, new = (griffe.load("bench", search_paths=[folder]) for folder in sys.argv[2:])
    found = list(griffe.find_breaking_changes(old, new))
    print(time.perf_counter() - start)
assert found
"""


def list_parameters(task: int, *, edited: bool) -> list[tuple[str, str, str | None]]:
    """Name, annotation and default of each parameter; one in ten tasks is edited in one of five ways."""
    names = list(ANNOTATIONS)
    listed: list[tuple[str, str, str | None]] = [
        (f"p{place}", names[(task + place) % 3], None if place < 3 else "None") for place in range(PARAMETERS)
    ]
    if edited and task % 10 == 0:
        match task // 10 % 5:
            case 0:
                del listed[-1]
            case 1:
                listed[0] = ("renamed", *listed[0][1:])
            case 2:
                listed[0], listed[1] = listed[1], listed[0]
            case 3:
                listed[2] = (listed[2][0], "float", None)
            case 4:
                listed.append(("added", "str", "None"))
    return listed


def make_spec(tasks: int, *, edited: bool) -> ServiceSpec:
    """A service with that many tasks; no two specs share an object."""
    return ServiceSpec("bench", "1.0.0", tuple(make_task(number, edited=edited) for number in range(tasks)))


def make_task(number: int, *, edited: bool) -> TaskSpec:
    """One task as data."""
    kinds = {**ANNOTATIONS, "float": "number"}
    parameters = tuple(
        ParameterSpec(name, schema={"type": kinds[kind]}, default=MISSING if default is None else None)
        for name, kind, default in list_parameters(number, edited=edited)
    )
    name = f"task_{number:05}"
    return TaskSpec(name, "1.0.0", f"bench.{name}", parameters, result={"type": "string"}, queue="bench")


def write_module(folder: Path, tasks: int, *, edited: bool) -> None:
    """The same tasks as Python functions, in a module `bench`."""
    lines = []
    for number in range(tasks):
        listed = list_parameters(number, edited=edited)
        written = [f"{name}: {kind}" + (f" = {default}" if default else "") for name, kind, default in listed]
        lines.append(f"def task_{number:05}({', '.join(written)}) -> str: ...\n")
    folder.mkdir()
    (folder / "bench.py").write_text("\n".join(lines))


def time_ours(tasks: int) -> tuple[float, int]:
    """Seconds for the comparison, and the findings."""
    old, new = make_spec(tasks, edited=False), make_spec(tasks, edited=True)
    found = 0

    def run() -> None:
        nonlocal found
        found = sum(1 for _ in find_changes(old, new, policy=Policy()))

    return measure(run), found


def time_griffe(tasks: int, python: str) -> float | None:
    """Seconds for loading both modules and comparing them; None where `python` has no griffe."""
    with tempfile.TemporaryDirectory() as room:
        folders = [Path(room, "old"), Path(room, "new")]
        for folder, edited in zip(folders, (False, True), strict=True):
            write_module(folder, tasks, edited=edited)
        if subprocess.run([python, "-c", "import griffe"], capture_output=True, check=False).returncode:
            return None
        command = [python, "-c", GRIFFE, str(ROUNDS), *map(str, folders)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return min(map(float, done.stdout.split()))


def measure(run: Callable[[], None]) -> float:
    """Seconds of the fastest of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5_000)
    parser.add_argument("--at-most", type=float, help="fail when our time over griffe's is larger")
    python = str(PEERS if PEERS.exists() else sys.executable)
    parser.add_argument("--python", default=python, help="the interpreter that has griffe")
    options = parser.parse_args()
    for tasks in (options.tasks // 2, options.tasks, options.tasks * 2):
        taken, found = time_ours(tasks)
        print(f"{tasks:6} tasks {taken:7.3f} s {taken / tasks * 1e6:6.1f} µs a task, {found} findings")
    ours, theirs = time_ours(options.tasks)[0], time_griffe(options.tasks, options.python)
    if theirs is None:
        print(f"griffe left out: it is not installed for {options.python}; .ci/peers installs it")
        return 1 if options.at_most is not None else 0
    print(f"griffe, loading included {theirs:7.3f} s: ours takes {ours / theirs:.3f} of that")
    return 1 if options.at_most is not None and ours / theirs > options.at_most else 0


if __name__ == "__main__":
    sys.exit(main())
