"""A worker's throughput with an adapter and the safety net against bare Celery, on Redis, in one run.

Run: python -m benchmarks.safety_net [--rounds N] [--count N]

The task does nothing. Each round fills a queue while its worker is held, lets it go, and takes the time
until the last message is acknowledged; rounds of both workers take turns.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis
from celery import Celery

REDIS = "redis://127.0.0.1:6379/14"
GOAL = 0.95
ROOT = Path(__file__).parents[1]

BARE = """
import os
from celery import Celery

app = Celery("bench", broker=os.environ["BENCH_URL"])
app.conf.update(
    task_ignore_result=True,
    worker_enable_remote_control=False,
    broker_transport_options={"global_keyprefix": os.environ["BENCH_PREFIX"]},
)
"""

APPS = {
    "bare": BARE
    + """
@app.task(name="bench.echo")
def echo(value):
    return value
""",
    "kept": BARE
    + """
from taskcontract import Call, Provider, Service

bench = Service("bench", queue="bench")

@bench.task(version="1.0.0")
def echo(value: int) -> int: ...

@bench.task(version="2.0.0", supersedes=echo)
def echo_v2(value: int, times: int) -> int: ...

provider = Provider(app, bench)

@provider.implements(echo_v2)
def serve(value: int, times: int) -> int:
    return value * times

@provider.upcasts(echo)
def once(value: int) -> Call[int]:
    \"\"\"Callers of version 1 echo once.\"\"\"
    return echo_v2.call(value, 1)
""",
}


def main() -> None:
    """Print both throughputs and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--count", type=int, default=2000, help="messages per round")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="taskcontract-bench-"))
    benches: list[Bench] = []
    try:
        benches += [Bench(side, source, folder) for side, source in APPS.items()]
        rates: dict[str, list[float]] = {bench.side: [] for bench in benches}
        for _ in range(options.rounds + 1):
            for bench in benches:
                rates[bench.side].append(bench.measure(options.count))
    finally:
        for bench in benches:
            bench.close()
        shutil.rmtree(folder, ignore_errors=True)
    bare, kept = (statistics.median(rates[side][1:]) for side in ("bare", "kept"))
    print(
        f"worker throughput on Redis, adapter and safety net: {kept:.0f} tasks/s against {bare:.0f} bare: "
        f"{kept / bare:.2f} x (goal {GOAL} x)"
    )


class Bench:
    """One worker with keys of its own."""

    def __init__(self, side: str, source: str, folder: Path) -> None:
        self.side = side
        self._prefix = f"taskcontract-bench-{uuid4().hex[:10]}-"
        self._redis: Any = redis.Redis.from_url(REDIS)
        self._app = Celery(side, broker=REDIS, set_as_current=False)
        self._app.conf.broker_transport_options = {"global_keyprefix": self._prefix}
        (folder / f"bench_{side}.py").write_text(source)
        self._log = folder / f"{side}.log"
        command = f"-m celery -A bench_{side} worker -Q bench -c 2 --loglevel=warning --without-mingle"
        with self._log.open("ab") as log:
            self._worker = subprocess.Popen(
                [sys.executable, *command.split(), "--without-gossip", "--without-heartbeat"],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "BENCH_URL": REDIS,
                    "BENCH_PREFIX": self._prefix,
                    "TASKCONTRACT_USAGE": str(folder / "usage.sqlite"),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """The worker's main process."""
        return self._worker.pid

    def measure(self, count: int) -> float:
        """Tasks per second over `count` messages."""
        self._worker.send_signal(signal.SIGSTOP)
        with self._app.producer_or_acquire() as producer:
            for number in range(count):
                self._app.send_task("bench.echo", (number,), queue="bench", producer=producer)
        self._worker.send_signal(signal.SIGCONT)
        started = time.perf_counter()
        while self._count_left():
            if self._worker.poll() is not None or time.perf_counter() - started > 120:
                raise RuntimeError(f"the {self.side} worker does not work: {self._log.read_text()}")
            time.sleep(0.005)
        return count / (time.perf_counter() - started)

    def close(self) -> None:
        """End the worker and remove its keys."""
        self._worker.kill()
        self._worker.wait(10)
        keys = list(self._redis.scan_iter(f"*{self._prefix}*"))
        if keys:
            self._redis.delete(*keys)
        self._redis.close()
        self._app.close()

    def _count_left(self) -> int:
        waiting: int = self._redis.llen(f"{self._prefix}bench")
        taken: int = self._redis.hlen(f"{self._prefix}unacked")
        return waiting + taken


if __name__ == "__main__":
    main()
