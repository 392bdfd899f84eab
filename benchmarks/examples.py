"""Calls that Hypothesis makes up, sent to a live worker and judged, against making the same ones for nothing.

Run: python -m benchmarks.examples [--rounds N] [--count N]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from benchmarks.worker_start import POOL
from taskcontract.model.config import Config
from taskcontract.testing.repeatable import drawing_nothing_from_modules
from taskcontract.testing.spec_calls import SpecCalls
from taskcontract.testing.trial import Trial
from taskcontract.verification.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.verification.described import DescribedTask

GOAL = 0.75
EVERY_CHECK: Any = list(HealthCheck)  # typed as a list of its metaclass
REDIS = "redis://127.0.0.1:6379/14"
APP = """\
from dataclasses import dataclass
from celery import Celery
from taskcontract import Provider, Service

shop = Service("shop", queue="shop")

@dataclass
class Note:
    item: str
    count: int

@shop.task(version="1.0.0")
def text(key: str, content: str) -> str: ...

@shop.task(version="1.0.0")
def nested(notes: list[Note], meta: dict[str, str], urgent: bool = False) -> int: ...

app = Celery("shop")
provider = Provider(app, shop)

@provider.implements(text)
def do_text(key: str, content: str) -> str:
    return key

@provider.implements(nested)
def do_nested(notes: list[Note], meta: dict[str, str], urgent: bool = False) -> int:
    return len(notes)
"""


def main() -> None:
    """Print one line per broker and task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taskcontract-bench-") as folder:
        (Path(folder) / "bench_shop.py").write_text(APP)
        for broker in ("embedded", REDIS):
            config = Config(root=Path(folder), app="bench_shop", broker=broker, pool=POOL)
            with Verifier(config) as verifier:
                for task in verifier.describe():
                    measure(verifier, task, broker, options.rounds, options.count)


def measure(verifier: Verifier, task: DescribedTask, broker: str, rounds: int, count: int) -> None:
    """Time both in turns, and print the medians and the ratio of their rates."""
    idle, live = [], []
    for seed in range(rounds + 1):  # the first round warms up
        idle.append(time_of(partial(generate, task, count, seed)))
        trial = Trial(verifier, task, count, seed)
        live.append(time_of(trial.run_inside))
    bare, ours = statistics.median(idle[1:]), statistics.median(live[1:])
    print(
        f"{count} calls of {task.spec.name:6}, {broker.partition(':')[0]:8}: {count / ours:.0f}/s live "
        f"against {count / bare:.0f}/s made for nothing: {bare / ours:.2f} x (goal {GOAL})"
    )


def generate(task: DescribedTask, count: int, seed: int) -> None:
    """Make the calls, and do nothing with them."""

    def see(_: Any) -> bool:
        return False

    quiet = settings(
        max_examples=count,
        phases=(Phase.generate,),
        deadline=None,
        database=None,
        suppress_health_check=EVERY_CHECK,
    )
    with drawing_nothing_from_modules(), suppress(NoSuchExample):
        find(SpecCalls(task.spec, task.carries).inside, see, settings=quiet, random=Random(seed))


def time_of(work: Callable[[], Any]) -> float:
    """Seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
