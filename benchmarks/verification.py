"""500 interactions without states against the same 500 messages sent and collected with bare Celery.

Run: python -m benchmarks.verification [--rounds N] [--count N]

Both have a warm worker of the same app with the same settings. The time of a whole `pytest --taskcontract`
session, from its start to its end, is printed for information.
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
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from benchmarks._bare_worker import QUEUE, make_app
from benchmarks.worker_start import APP, POOL, SCRIPT
from taskcontract.embedded import write_url
from taskcontract.model.config import Config
from taskcontract.model.contract import Contract, Interaction
from taskcontract.verification.sandbox.run_servers import clean_redis
from taskcontract.verification.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL = 1.25
REDIS = "redis://127.0.0.1:6379/14"


def main() -> None:
    """Print one line per broker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    contract = make_contract(options.count)
    folder = Path(tempfile.mkdtemp(prefix="taskcontract-bench-"))
    try:
        (folder / "bench_app.py").write_text(APP)
        for broker in ("embedded", REDIS):
            measure(folder, broker, contract, options.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_contract(count: int) -> Contract:
    """`count` interactions, each with another argument."""
    return Contract(
        "bench",
        "bench",
        tuple(
            Interaction(f"echo {number}", "bench.echo", "1.0.0", (value,), result=value, queue=QUEUE)
            for number in range(count)
            for value in ({"number": number, "text": "x" * 100},)
        ),
    )


def measure(folder: Path, broker: str, contract: Contract, rounds: int) -> None:
    """Time both in turns, and print the medians and their ratio."""
    bare, ours = [], []
    config = Config(root=folder, app="bench_app", broker=broker, pool=POOL)
    with run_bare(folder, broker) as app, Verifier(config) as verifier:
        verifier.wait()
        for _ in range(rounds + 1):  # the first round warms up
            bare.append(time_bare(app, contract))
            ours.append(time_verifier(verifier, contract))
    left, right = statistics.median(ours[1:]), statistics.median(bare[1:])
    print(
        f"{len(contract.interactions)} interactions, {broker.partition(':')[0]:8}: {left * 1000:.0f} ms "
        f"against {right * 1000:.0f} ms bare: {left / right:.2f} x (goal {GOAL} x)"
    )


def time_verifier(verifier: Verifier, contract: Contract) -> float:
    """Seconds to replay and compare all interactions."""
    started = time.perf_counter()
    verification = verifier.verify(contract)
    taken = time.perf_counter() - started
    assert verification.ok
    return taken


def time_bare(app: Any, contract: Contract) -> float:
    """Seconds to send all messages and then collect all results with Celery alone."""
    started = time.perf_counter()
    sent = [app.send_task(each.wire_name, each.args, queue=QUEUE) for each in contract.interactions]
    results = [result.get(timeout=30, interval=0.002) for result in sent]
    taken = time.perf_counter() - started
    assert results == [each.result for each in contract.interactions]
    return taken


@contextmanager
def run_bare(folder: Path, broker: str) -> Iterator[Any]:
    """A bare worker that has answered once, and its app on this side."""
    prefix = f"bench-{uuid4().hex}:"
    url = write_url(folder / uuid4().hex) if broker == "embedded" else broker
    app = make_app(url, prefix)
    worker = subprocess.Popen(
        [sys.executable, SCRIPT, url, POOL, prefix], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        app.send_task("bench.echo", (1,), queue=QUEUE).get(timeout=30, interval=0.002)
        yield app
    finally:
        worker.kill()
        worker.wait()
        if broker != "embedded":
            clean_redis(broker, prefix)


if __name__ == "__main__":
    main()
