"""The engine of calls against the brute-force judge, at full length.

`python -m tests.fuzz.fuzz_calls --pairs 100000` tries all single-edit pairs over signatures of up to four
parameters, there and back in every call style, then random pairs. It prints the first disagreements and ends
with 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING

from tests.support.call_oracle import bind_all, find_disagreement
from tests.support.signature_pairs import iterate_single_edits, make_random_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.calls import CallStyle

STYLES: tuple[CallStyle, ...] = ("both", "positional", "keyword")
WORTH_SHOWING = 20


def check_single_edits(most: int) -> Iterator[str | None]:
    """One answer per pair, direction and style: what is wrong, or None."""
    for old, new, names in iterate_single_edits(most):
        for style in STYLES:
            yield find_disagreement(old, new, style, names)
            yield find_disagreement(new, old, style, names)


def check_random_pairs(pairs: int, rng: random.Random) -> Iterator[str | None]:
    """As above; every second pair in style `both`."""
    for number in range(pairs):
        old, new = make_random_pair(rng)
        yield find_disagreement(old, new, STYLES[number % 4 % 3])
        bind_all.cache_clear()


def run(title: str, answers: Iterator[str | None]) -> int:
    """Print how a run went; gives the number of disagreements."""
    start, tried = time.perf_counter(), 0

    def count() -> Iterator[str]:
        nonlocal tried
        for answer in answers:
            tried += 1
            if answer is not None:
                yield answer

    disagreements = list(islice(count(), WORTH_SHOWING))
    for answer in disagreements:
        print(f"  {answer}")
    taken = time.perf_counter() - start
    print(f"{title}: {tried:,} comparisons, {len(disagreements)} disagreements, {taken:.0f} s", flush=True)
    return len(disagreements)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000, help="how many random pairs")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--most", type=int, default=4, help="parameters of the signatures that are edited")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    wrong = run("single edits", check_single_edits(options.most))
    wrong += run("random pairs", check_random_pairs(options.pairs, random.Random(options.seed)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
