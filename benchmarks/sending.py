"""A validated send against bare `app.send_task`, in one run: time per message and the ratio.

Run: python -m benchmarks.sending [--count N]
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

from celery import Celery

from taskcontract import Secret, Service

if TYPE_CHECKING:
    from collections.abc import Callable

bench = Service("bench", queue=f"taskcontract-bench-{uuid4().hex[:8]}")


@bench.task(version="1.0.0")
def store(key: str, size: int, ratio: float, meta: dict[str, str], token: Annotated[str, Secret]) -> None:
    """Five parameters of mixed types, one of them secret."""


BROKERS = {"memory": "memory://", "redis": "redis://127.0.0.1:6379/15"}
PAYLOADS = {
    "small": ("items/1.json", 4096, 0.25, {"tenant": "acme", "kind": "item"}, "s3cr3t"),
    "10 kB": ("items/1.json", 4096, 0.25, {f"field-{i}": "x" * 90 for i in range(100)}, "s3cr3t"),
}
GOALS = {"small": 0.9, "10 kB": 0.7}


def main() -> None:
    """Print one line per broker and payload."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="messages per round")
    count = parser.parse_args().count
    for broker, url in BROKERS.items():
        app = Celery("bench", broker=url, backend="disabled://", set_as_current=False)
        app.conf.task_ignore_result = True
        bench.use(app)
        for payload, args in PAYLOADS.items():
            bare, checked = measure(app, args, count)
            ratio = checked / bare
            print(
                f"validated send, {broker:6} {payload:6} {checked:6.0f} us against {bare:6.0f} us bare: "
                f"{ratio:.2f} x (goal {GOALS[payload]} x)"
            )
        purge(app)


def measure(app: Celery, args: tuple[Any, ...], count: int) -> tuple[float, float]:
    """Microseconds per message, bare and validated: the medians of interleaved rounds."""

    def send_bare() -> None:
        app.send_task(store.wire_name, args, queue=bench.queue, serializer="json")

    def send_checked() -> None:
        store.delay(*args)

    rounds: dict[Callable[[], None], list[float]] = {send_bare: [], send_checked: []}
    for _ in range(9):
        for send, times in rounds.items():
            purge(app)
            send()
            started = time.perf_counter()
            for _ in range(count):
                send()
            times.append((time.perf_counter() - started) / count * 1e6)
    return statistics.median(rounds[send_bare]), statistics.median(rounds[send_checked])


def purge(app: Celery) -> None:
    """Drop what the rounds have sent: nobody consumes it."""
    connection: Any
    with app.connection_for_write() as connection:
        channel = connection.default_channel
        channel.queue_delete(bench.queue)


if __name__ == "__main__":
    main()
