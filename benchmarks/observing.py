"""What counting calls and their shapes costs a worker: its throughput against one that counts none, on Redis.

Run: python -m benchmarks.observing [--rounds N] [--count N]

The tasks do nothing. `observed` is a plain task with `install_observer`, against bare Celery. `bound` is a
declared one, with what its shapes cost: the same worker tells none of them on the other side. Both workers
of a pair take turns. Where the machine is busy, the time that the main process had a processor says more than
the throughput. Linux only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.safety_net import BARE, Bench

GOAL = 0.97

PLAIN = """
@app.task(name="bench.echo")
def echo(value):
    return value
"""

BOUND = """
from taskcontract import Provider, Service

bench = Service("bench", queue="bench")

@bench.task(version="1.0.0")
def echo(value: int) -> int: ...

provider = Provider(app, bench)

@provider.implements(echo)
def serve(value: int) -> int:
    return value
"""

SHAPELESS = """
from taskcontract.usage import counter
from taskcontract.usage.shape_tally import ShapeTally

counter.UsageCounter._tell = lambda *_: ""
ShapeTally.note = lambda *_: None
"""

PAIRS = {
    "observed": (
        BARE + PLAIN,
        BARE + PLAIN + "\nfrom taskcontract.safety_net import install_observer\ninstall_observer(app)\n",
    ),
    "bound": (BARE + SHAPELESS + BOUND, BARE + BOUND),
}


def main() -> None:
    """Print the throughputs of each pair and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--count", type=int, default=1000, help="messages per round")
    options = parser.parse_args()
    for name, sources in PAIRS.items():
        without, counted = measure(name, sources, options.rounds, options.count)
        rates = [statistics.median(rate for rate, _ in side) for side in (without, counted)]
        ratio = statistics.median(b / a for (a, _), (b, _) in zip(without, counted, strict=True))
        work = [statistics.median(work for _, work in side) for side in (without, counted)]
        print(
            f"worker on Redis, {name}: {rates[1]:.0f} tasks/s against {rates[0]:.0f}: {ratio:.3f} x; "
            f"{work[1] * 1e6:.0f} µs of a processor each against {work[0] * 1e6:.0f}: "
            f"{work[0] / work[1]:.3f} x (goal {GOAL} x)",
            flush=True,
        )


def measure(
    name: str, sources: tuple[str, str], rounds: int, count: int
) -> tuple[list[tuple[float, float]], ...]:
    """Return, round by round for both sides, tasks per second, and seconds of a processor per task.

    The first round, which warms up, is left out.
    """
    folder = Path(tempfile.mkdtemp(prefix="taskcontract-bench-"))
    benches: list[Bench] = []
    try:
        benches += [Bench(f"{name}_{side}", source, folder) for side, source in enumerate(sources)]
        found: tuple[list[tuple[float, float]], ...] = ([], [])
        for number in range(rounds + 1):
            for side in (0, 1) if number % 2 else (1, 0):
                before = spent(benches[side])
                rate = benches[side].measure(count)
                found[side].append((rate, (spent(benches[side]) - before) / count))
    finally:
        for bench in benches:
            bench.close()
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(each[1:] for each in found)


def spent(bench: Bench) -> float:
    """Return the seconds of a processor that the worker's main process, its bottleneck, has used."""
    fields = Path(f"/proc/{bench.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
