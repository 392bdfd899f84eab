"""Patterns as they are compared against Rust's own regex, at full length.

`python -m tests.fuzz.fuzz_patterns --pairs 20000 --seed 1` makes random pairs of patterns, matches each with
random texts, looks for a text that one takes and the other does not, and asks pydantic-core's engine. It
prints the first faults, the verdicts and the time, and ends with 1 if there are faults.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from tests.support.rust_patterns import judge_pair, make_pattern, make_text

WORTH_SHOWING, TEXTS = 20, 40


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=15.0)
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    verdicts: Counter[str] = Counter()
    faults: list[str] = []
    started = time.monotonic()
    spent = 0.0
    while verdicts.total() < options.pairs and time.monotonic() - started < options.minutes * 60:
        old, new = make_pattern(rng), make_pattern(rng)
        before = time.perf_counter()
        verdict, fault = judge_pair(old, new, [make_text(rng) for _ in range(TEXTS)])
        spent += time.perf_counter() - before
        verdicts[verdict] += 1
        if fault:
            faults.append(f"FAULT {fault}: {old!r} against {new!r}")
    print("\n".join(faults[:WORTH_SHOWING]))
    print(f"{dict(verdicts)}, {len(faults)} faults; {1e6 * spent / max(verdicts.total(), 1):.0f} µs a pair")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
