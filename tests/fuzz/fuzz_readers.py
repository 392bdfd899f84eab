"""Every reader of what others wrote against changed files, messages, results and usage counts.

`python -m tests.fuzz.fuzz_readers --cases 100000 --seed 1` changes what each reader is usually given, as a
value and as bytes, and hands it over. A reader returns or refuses in its own words, in two seconds and within
1 GB above what the process has at the start; anything else is a fault. It ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.support.reader_faults import find_fault, limit_memory
from tests.support.readers import make_readers

WORTH_SHOWING, SLOW = 5, 2.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5.0, help="at most, for each reader")
    parser.add_argument("--reader", default="", help="only the one of this name")
    options = parser.parse_args(arguments)
    limit_memory()
    faults = cases = 0
    with tempfile.TemporaryDirectory() as folder:
        for reader in make_readers(Path(folder)):
            if options.reader not in ("", reader.name):
                continue
            rng = random.Random(f"{options.seed} {reader.name}")
            started, slowest, done = time.monotonic(), 0.0, 0
            found: list[str] = []
            while done < options.cases and time.monotonic() - started < options.minutes * 60:
                fault, seconds = find_fault(reader, rng)
                done += 1
                slowest = max(slowest, seconds)
                if seconds > SLOW:
                    fault = fault or f"{seconds:.1f} s, which is too slow"
                if fault:
                    found.append(fault)
            print(
                f"{reader.name}: {done:,} cases, {len(found)} faults, slowest {1e3 * slowest:.0f} ms",
                flush=True,
            )
            print("".join(f"FAULT {fault}\n" for fault in found[:WORTH_SHOWING]), end="")
            cases, faults = cases + done, faults + len(found)
    print(f"{cases:,} cases, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
