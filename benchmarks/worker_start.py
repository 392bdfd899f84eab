"""The worker's start to its first result: the verifier's against a bare Celery worker's, in one run.

Run: python -m benchmarks.worker_start [--rounds N]

Both are processes of their own with the same app, pool, broker and options, and the first message waits
for them. The third figure is what forking a process that has everything loaded would bring.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks._bare_worker import QUEUE, make_app
from taskcontract.embedded import write_url
from taskcontract.model.config import Config
from taskcontract.model.contract import Contract, Interaction
from taskcontract.verification.verifier import Verifier

GOAL = 1.15
POOL = "threads"
SCRIPT = str(Path(__file__).with_name("_bare_worker.py"))
APP = """\
from celery import Celery

app = Celery("bench")
app.conf.task_default_queue = "bench"


@app.task(name="bench.echo")
def echo(value):
    return value
"""
CONTRACT = Contract(
    "bench", "bench", (Interaction("echo", "bench.echo", "1.0.0", (1,), result=1, queue=QUEUE),)
)


def main() -> None:
    """Print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    folder = Path(tempfile.mkdtemp(prefix="taskcontract-bench-"))
    try:
        (folder / "bench_app.py").write_text(APP)
        times: dict[str, list[float]] = {"bare": [], "ours": [], "fork": []}
        for _ in range(rounds + 1):  # the first round warms up
            times["ours"].append(time_verifier(folder))
            times["bare"].append(time_bare(folder))
        times["fork"] = time_forks(folder, rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bare, ours, fork = (statistics.median(times[name][1:]) for name in ("bare", "ours", "fork"))
    print(
        f"worker start to first result, embedded: {ours * 1000:.0f} ms against {bare * 1000:.0f} ms bare: "
        f"{ours / bare:.2f} x (goal {GOAL} x)"
    )
    print(f"a fork of a process with everything loaded: {fork * 1000:.0f} ms")


def time_verifier(folder: Path) -> float:
    """Seconds from the verifier's start to its first outcome."""
    config = Config(root=folder, app="bench_app", pool=POOL)
    verifier = Verifier(config)
    started = time.perf_counter()
    with verifier:
        (outcome,) = verifier.verify(CONTRACT).outcomes
        taken = time.perf_counter() - started
    assert outcome.ok, outcome
    return taken


def time_bare(folder: Path) -> float:
    """Seconds from a bare worker's start to its first result."""
    url = write_url(folder / uuid4().hex)
    app = make_app(url)
    started = time.perf_counter()
    worker = subprocess.Popen(
        [sys.executable, SCRIPT, url, POOL],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _ask(app)
        return time.perf_counter() - started
    finally:
        worker.kill()
        worker.wait()


def time_forks(folder: Path, rounds: int) -> list[float]:
    """Seconds from each fork to its worker's first result."""
    url = write_url(folder / uuid4().hex)
    app = make_app(url)
    parent = subprocess.Popen(
        [sys.executable, SCRIPT, url, POOL, "--fork"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    times = []
    try:
        parent.stdout.readline()
        for _ in range(rounds + 1):
            started = time.perf_counter()
            parent.stdin.write("\n")
            parent.stdin.flush()
            _ask(app)
            times.append(time.perf_counter() - started)
    finally:
        parent.stdin.close()
        parent.wait(10)
        parent.stdout.close()
    return times


def _ask(app: Any) -> None:
    result = app.send_task("bench.echo", (1,), queue=QUEUE)
    assert result.get(timeout=30, interval=0.002) == 1


if __name__ == "__main__":
    main()
