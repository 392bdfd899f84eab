# mypy: disable-error-code="empty-body"
"""An adapted call against the same task called as it is implemented, in one run: a worker's throughput, and
the cost of a call in its process. The same task without taskcontract is measured beside them.

Throughput is that of the worker's processor time in its best of many short rounds: what else the machine
does only ever adds to it.

Run: python -m benchmarks.adapters [--count N] [--rounds N] [--broker URL]
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery import Celery
from kombu import Exchange, Queue

from taskcontract import Call, Provider, Service

GOAL = 0.95
"""Of the throughput without adapters."""

QUEUE = os.environ.get("BENCH_QUEUE") or f"taskcontract-bench-{uuid4().hex[:8]}"
ROOT = Path(__file__).parents[1]

app = Celery("bench", broker=os.environ.get("BENCH_BROKER"), set_as_current=False)
app.conf.update(task_default_queue=QUEUE, task_ignore_result=True, worker_prefetch_multiplier=100)
bench = Service("bench")
provider = Provider(app, bench)


@bench.task(version="1.0.0")
def store(key: str, content: str) -> str: ...  # adapted


@bench.task(version="2.0.0", supersedes=store)
def store_v2(key: str, content: str, meta: dict[str, str]) -> dict[str, str]: ...  # implemented


@provider.implements(store_v2)
def serve(key: str, content: str, meta: dict[str, str]) -> dict[str, str]:
    """A trivial task."""
    return {"url": key}


@provider.upcasts(store)
def without_meta(key: str, content: str) -> Call[dict[str, str]]:
    """There was no metadata."""
    return store_v2.call(key, content, {})


@provider.downcasts(store)
def only_the_url(stored: dict[str, str]) -> str:
    """The URL alone."""
    return stored["url"]


@app.task(name="bench.bare")
def bare(key: str, content: str, meta: dict[str, str]) -> dict[str, str]:
    """The same without taskcontract."""
    return {"url": key}


@app.task(name="bench.wait")
def wait(path: str) -> None:
    """Hold the worker until `path` is there, so that the messages of a round wait for it."""
    while not Path(path).exists():
        time.sleep(0.001)


@app.task(name="bench.mark")
def mark(path: str) -> None:
    """Write the processor time that the worker had spent by now."""
    aside = Path(f"{path}.new")
    aside.write_text(str(time.process_time()))
    aside.rename(path)


KINDS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "bare": ("bench.bare", ("items/1.json", "x" * 100, {})),
    "implemented": ("bench.store_v2", ("items/1.json", "x" * 100, {})),
    "adapted": ("bench.store", ("items/1.json", "x" * 100)),
}


def main() -> None:
    """Print both measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="messages per round")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--broker", default="redis://127.0.0.1:6379/15")
    options = parser.parse_args()
    count = options.count
    with tempfile.TemporaryDirectory() as folder:
        seconds = measure_worker(Path(folder), options.broker, count, options.rounds)
    rates = {kind: count / value for kind, value in seconds.items()}
    ratio = rates["adapted"] / rates["implemented"]
    print(
        f"worker: {rates['adapted']:.0f} adapted messages against {rates['implemented']:.0f} without "
        f"adapters a second: {ratio:.3f} x (goal {GOAL} x); {rates['bare']:.0f} without taskcontract"
    )
    costs = measure_calls()
    more = costs["adapted"] - costs["implemented"]
    share = more / (1e6 / rates["implemented"])
    print(
        f"call in process: {costs['adapted']:.1f} us adapted against {costs['implemented']:.1f} us without "
        f"adapters: {more:.1f} us more, {share:.1%} of a message's time in the worker (goal {1 - GOAL:.0%}); "
        f"{costs['bare']:.1f} us without taskcontract"
    )


def measure_worker(folder: Path, broker: str, count: int, rounds: int) -> dict[str, float]:
    """Seconds that a worker needs for `count` messages of each kind: the best of interleaved rounds."""
    environment = {**os.environ, "BENCH_BROKER": broker, "BENCH_QUEUE": QUEUE, "TASKCONTRACT_USAGE": "off"}
    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "benchmarks.adapters", "worker"]
    quick = ["--loglevel=error", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    worker = subprocess.Popen(
        [*command, "-P", "solo", "-Q", QUEUE, *quick], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    caller = Celery("caller", broker=broker, set_as_current=False)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    try:
        for turn in range(rounds + 1):
            for kind in random.sample(list(KINDS), len(KINDS)):
                name, args = KINDS[kind]
                spent = measure_round(caller, folder / f"{turn}-{kind}", name, args, count)
                if turn:  # the first one warms up
                    times[kind].append(spent)
    finally:
        worker.terminate()
        worker.wait(20)
        with caller.connection_for_write() as connection:
            queue: Any = Queue(QUEUE, Exchange(QUEUE), QUEUE)(connection.default_channel)
            queue.declare()  # only who knows its bindings deletes them with it
            queue.delete()
    return {kind: min(each) for kind, each in times.items()}


def measure_round(caller: Celery, file: Path, name: str, args: tuple[Any, ...], count: int) -> float:
    """The worker's seconds from one mark to another, with `count` messages between that were waiting."""
    gate, first, last = (file.with_name(f"{file.name}-{part}") for part in ("gate", "first", "last"))

    def send(task: str, *args: Any) -> None:
        caller.send_task(task, args, queue=QUEUE, ignore_result=True)

    send("bench.wait", str(gate))
    send("bench.mark", str(first))
    for _ in range(count):
        send(name, *args)
    send("bench.mark", str(last))
    gate.touch()
    deadline = time.monotonic() + 120
    while not last.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{count} messages of {name} took more than two minutes")
        time.sleep(0.005)
    return float(last.read_text()) - float(first.read_text())


def measure_calls(count: int = 1000, rounds: int = 50) -> dict[str, float]:
    """Microseconds of a call as the worker makes it, without message, broker and result."""
    app.finalize()
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind, (name, args) in KINDS.items():
            run = app.tasks[name].run
            started = time.perf_counter()
            for _ in range(count):
                run(*args)
            times[kind].append((time.perf_counter() - started) / count * 1e6)
    return {kind: min(each) for kind, each in times.items()}


if __name__ == "__main__":
    main()
