"""The embedded broker with a bare Celery worker: start, messages per second, round trip, idle CPU.

Run: python -m benchmarks.embedded_broker [--count N] [--pool NAME]

Each figure stands beside Redis's of the same run, if one answers on loopback. A folder in memory
(`/dev/shm`) is measured too, where there is one: it leaves the file system out.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psutil
import redis

from benchmarks._bare_worker import QUEUE, make_app
from taskcontract.embedded import write_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery
    from celery.result import AsyncResult

SCRIPT = str(Path(__file__).with_name("_bare_worker.py"))
REDIS = "redis://127.0.0.1:6379/15"
MEMORY = Path("/dev/shm")
IDLE_SECONDS = 10


def main() -> None:
    """Print one line per place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="messages in the pipeline")
    parser.add_argument("--pool", default="threads")
    options = parser.parse_args()
    for parent in (Path(tempfile.gettempdir()), MEMORY):
        if parent.is_dir():
            with make_folder(parent) as folder:
                report(f"embedded, {parent}", write_url(folder), "", options)
    with find_redis_prefix() as prefix:
        if prefix:
            report("redis", REDIS, prefix, options)


def report(label: str, url: str, prefix: str, options: argparse.Namespace) -> None:
    """Measure one broker and print its line."""
    app = make_app(url, prefix)
    started = time.perf_counter()
    worker = subprocess.Popen(
        [sys.executable, SCRIPT, url, options.pool, prefix],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        send(app).get(timeout=60)
        start = time.perf_counter() - started
        rate = max(measure_rate(app, options.count) for _ in range(3))
        trip = measure_round_trip(app)
        idle = measure_idle(psutil.Process(worker.pid))
    finally:
        worker.terminate()
        worker.wait(30)
        app.close()
    print(
        f"{label:20} first result after {start:.2f} s, {rate:5.0f} tasks/s, "
        f"{trip * 1000:4.1f} ms a round trip, {idle:.1f} % of a core when idle"
    )


def send(app: Celery) -> AsyncResult:
    """Call the trivial task."""
    return app.send_task("bench.echo", (1,), queue=QUEUE)


def measure_rate(app: Celery, count: int) -> float:
    """Tasks per second: sent in one go, then all results collected."""
    started = time.perf_counter()
    for result in [send(app) for _ in range(count)]:
        result.get(timeout=60)
    return count / (time.perf_counter() - started)


def measure_round_trip(app: Celery) -> float:
    """Seconds from the call to its result, the median."""
    trips: list[float] = []
    for _ in range(200):
        started = time.perf_counter()
        send(app).get(timeout=60)
        trips.append(time.perf_counter() - started)
    return statistics.median(trips)


def measure_idle(process: psutil.Process) -> float:
    """Percent of a core that a worker takes when nothing happens."""
    time.sleep(2)
    before = process.cpu_times()
    time.sleep(IDLE_SECONDS)
    after = process.cpu_times()
    return 100 * (after.user + after.system - before.user - before.system) / IDLE_SECONDS


@contextmanager
def make_folder(parent: Path) -> Iterator[Path]:
    """A folder of one's own, gone behind the block."""
    folder = Path(tempfile.mkdtemp(prefix="taskcontract-bench-", dir=parent))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def find_redis_prefix() -> Iterator[str]:
    """A prefix for keys that go behind the block; empty where no Redis answers."""
    prefix = f"taskcontract-bench-{uuid4().hex[:8]}."
    client: redis.Redis = redis.Redis.from_url(REDIS)
    try:
        client.ping()
    except redis.ConnectionError:
        yield ""
        return
    yield prefix
    for key in client.scan_iter(match=f"*{prefix}*"):
        client.delete(key)


if __name__ == "__main__":
    main()
