"""Diffs of random specs against the laws that every diff keeps, at full length.

`python -m tests.fuzz.fuzz_diff --specs 10000 --seed 1` makes a spec, one to two edits and a further one, and
checks what `tests.support.diff_laws` says. It prints the first faults and ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError
from tests.support.diff_laws import diff, find_fault
from tests.support.spec_edits import SpecMaker, respell_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

WORTH_SHOWING = 10


def find_faults(specs: int, seed: int, rules: Counter[str]) -> Iterator[str]:
    """One line per fault; counts the rules that had a finding."""
    for number in range(seed, seed + specs):
        rng = random.Random(number)
        maker = SpecMaker(rng)
        old = maker.make_spec()
        middle = maker.edit(old)
        if rng.random() < 0.3:
            middle = maker.edit(middle)
        try:
            rules.update(finding.rule for finding in diff(old, middle))
            fault = find_fault(old, middle, maker.edit(middle), respell_spec(old, rng))
        except SpecError:
            continue  # an edit left a reference without its definition
        if fault is not None:
            yield f"seed {number}: {fault}"


def main() -> int:
    """Run and report; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--specs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    start, rules = time.perf_counter(), Counter[str]()
    faults = list(islice(find_faults(arguments.specs, arguments.seed, rules), WORTH_SHOWING))
    print(f"{arguments.specs} specs in {time.perf_counter() - start:.1f} s: {len(faults)} faults")
    print(f"{len(rules)} rules had findings: {dict(rules.most_common())}")
    print("\n".join(faults))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
