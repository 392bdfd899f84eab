"""The engine of schemas against validators, at full length.

`python -m tests.fuzz.fuzz_schemas --pairs 100000 --seed 1` makes random pairs of schemas and pairs from
pydantic models, compares each, and lets validators look for a value that refutes the verdict. It prints the
first faults, how many pairs were decided and how fast, and ends with 1 if there are faults.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from taskcontract.diff.schemas import compare_schemas
from taskcontract.errors import SpecError
from tests.support.schema_oracle import find_fault
from tests.support.schema_pairs import SchemaMaker

if TYPE_CHECKING:
    from collections.abc import Iterator

WORTH_SHOWING = 20
KINDS = ["all", "random", "draft 4", "draft 7", "draft 2019", "pydantic"]
VALUES = 120


def make_pairs(pairs: int, rng: random.Random, kind: str) -> Iterator[tuple[str, Any, Any]]:
    """Pairs of one kind, or of all: random ones in two drafts, and pydantic's."""
    from tests.support.pydantic_schemas import make_pydantic_pair

    kinds = (
        [*["random"] * 4, *["draft 7"] * 2, "draft 4", "draft 2019", *["pydantic"] * 2]
        if kind == "all"
        else [kind]
    )
    for number in range(pairs):
        chosen = kinds[number % len(kinds)]
        if chosen == "pydantic":
            yield chosen, *make_pydantic_pair(rng)
        else:
            draft = int(chosen.partition(" ")[2] or 2020)
            yield chosen, *SchemaMaker(rng, draft).make_pair()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--values", type=int, default=VALUES)
    parser.add_argument("--kind", choices=KINDS, default="all")
    parser.add_argument("--show-undecided", action="store_true")
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    verdicts: Counter[tuple[str, str]] = Counter()
    faults = 0
    spent = 0.0
    started = time.monotonic()
    for number, (kind, old, new) in enumerate(make_pairs(options.pairs, rng, options.kind)):
        if time.monotonic() - started > options.minutes * 60:
            print(f"stopped after {number} pairs: the time is up")
            break
        before = time.perf_counter()
        try:
            found = compare_schemas(old, new)
        except SpecError as error:
            verdicts[kind, "refused"] += 1
            if options.show_undecided:
                print(error)
            continue
        took = time.perf_counter() - before
        spent += took
        verdicts[kind, found.verdict] += 1
        if options.show_undecided and (found.verdict == "undecided" or took > 0.5):
            print(f"{took:.2f}s {found.verdict} {found.reason}")
            print(f"   old {json.dumps(old)}\n   new {json.dumps(new)}")
        fault = find_fault(old, new, found, rng, options.values, slow=number % 20 == 0)
        if fault is not None:
            faults += 1
            if faults <= WORTH_SHOWING:
                print(f"FAULT {found.verdict}: {fault}\n   old {json.dumps(old)}\n   new {json.dumps(new)}")
    for kind in sorted({kind for kind, _ in verdicts}):
        counts = {verdict: count for (of, verdict), count in sorted(verdicts.items()) if of == kind}
        total = sum(counts.values())
        print(f"{kind}: {counts}, decided {100 - 100 * counts.get('undecided', 0) / total:.2f} %")
    print(f"{faults} faults; {1e6 * spent / max(sum(verdicts.values()), 1):.0f} µs a pair")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
