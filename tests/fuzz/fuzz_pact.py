"""Our matching against Pact's own core, at full length.

`python -m tests.fuzz.fuzz_pact --pairs 20000 --seed 1` compares random values with random examples and rules,
and random texts with random patterns, and asks the core of pact-python too. It prints the first faults, and
ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from taskcontract.model.pact_regex import find_pact_fault
from taskcontract.verification.comparison.pact_patterns import UnknownMatchError
from taskcontract.verification.comparison.patterns import Patterns
from tests.support.pact_pairs import PairMaker, judge_pair, make_pattern, make_text, pact_takes

WORTH_SHOWING, TEXTS = 20, 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=15.0)
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    maker = PairMaker(rng)
    faults: list[str] = []
    ends = time.monotonic() + options.minutes * 60
    pairs = texts = refused = 0
    with Patterns(1e9) as asked:
        while pairs < options.pairs and time.monotonic() < ends:
            pairs += 1
            fault = judge_pair(*maker.make())
            if fault is not None:
                faults.append(fault)
            pattern = make_pattern(rng)
            if find_pact_fault(pattern) is not None:
                refused += 1
                continue
            for text in [make_text(rng) for _ in range(TEXTS)]:
                try:
                    texts += 1
                    if asked.fits(pattern, text) != pact_takes(pattern, text):
                        faults.append(f"{text!r} and the pattern {pattern!r}")
                except UnknownMatchError:
                    refused += 1
    print("\n".join(faults[:WORTH_SHOWING]))
    print(f"{pairs} pairs, {texts} texts and patterns, {refused} refused; {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
