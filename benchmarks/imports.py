"""What `import bindings` costs a consumer, against `from celery import Celery`, in one run.

Run: python -m benchmarks.imports
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 11
GOAL = 0.5


def main() -> None:
    """Print the ratio of the medians; both without the interpreter's own start."""
    codes = {"nothing": "pass", "celery": "from celery import Celery", "bindings": "import bindings"}
    times: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(ROUNDS):
        for name, code in codes.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times[name].append(time.perf_counter() - started)
    start = statistics.median(times["nothing"])
    celery, bindings = (statistics.median(times[name]) - start for name in ("celery", "bindings"))
    print(
        f"import bindings: {bindings * 1000:.0f} ms against {celery * 1000:.0f} ms for Celery: "
        f"{bindings / celery:.2f} x (goal {GOAL} x)"
    )


if __name__ == "__main__":
    main()
