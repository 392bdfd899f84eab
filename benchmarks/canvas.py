"""What `canvas.check` costs: the first one of a process, which loads the engine, and each further one.

Run: python -m benchmarks.canvas [--rounds N]

Both are given beside a validated send on the memory transport, in the same process.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from celery import Celery, chain

from taskcontract import Service, canvas

SENDS = 200
shop = Service("shop")


@shop.task(version="1.0.0")
def price(item: int) -> str: ...


@shop.task(version="1.0.0")
def charge(amount: str) -> int: ...


def main() -> None:
    """Print one line, of processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    runs = []
    for _ in range(options.rounds):
        command = [sys.executable, "-c", "from benchmarks.canvas import measure; measure()"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        runs.append([float(text) for text in done.stdout.split()])
    send, first, further = (statistics.median(times) for times in zip(*runs, strict=True))
    print(
        f"canvas.check of a chain of two: the first {first * 1000:.0f} ms, "
        f"each further one {further * 1e6:.0f} us: {further / send:.2f} x a send of {send * 1e6:.0f} us"
    )


def measure() -> None:
    """Print the seconds of a send, of the first check and of a further one."""
    app = Celery("bench", broker="memory://", set_as_current=False)
    shop.use(app)
    price.delay(1)
    started = time.perf_counter()
    for _ in range(SENDS):
        price.delay(1)
    send = (time.perf_counter() - started) / SENDS
    work = chain(price.s(1), charge.s())
    checks = []
    for _ in range(2):
        started = time.perf_counter()
        canvas.check(work)
        checks.append(time.perf_counter() - started)
    print(send, *checks)


if __name__ == "__main__":
    main()
