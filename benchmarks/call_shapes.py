"""Microseconds per comparison of two five-parameter tasks, by what changed.

`python -m benchmarks.call_shapes`; `--at-most 300` makes it a check.
"""

from __future__ import annotations

import argparse
import sys
from inspect import Signature
from timeit import repeat

from taskcontract.diff.calls import Shape, compare_call_shapes, shape_of_signature

TYPICAL = "key, content, *, tenant='', tags=(), force=False"
BY_PLACE = "key, content, tenant='', tags=(), force=False"
CHANGES = {
    "nothing": (BY_PLACE, BY_PLACE),
    "an option added": (BY_PLACE, f"{BY_PLACE}, retries=0"),
    "a parameter renamed": (BY_PLACE, BY_PLACE.replace("content", "body")),
    "two parameters swapped": (BY_PLACE, BY_PLACE.replace("key, content", "content, key")),
    "an option removed": (TYPICAL, TYPICAL.replace(", tags=()", "")),
    "a keyword option added": (TYPICAL, f"{TYPICAL}, retries=0"),
    "**kwargs on both, one captured": (f"{BY_PLACE}, **extra", f"{BY_PLACE}, retries=0, **extra"),
}


def parse(text: str) -> Shape:
    """The shape of a signature as `def` has it."""
    namespace: dict[str, object] = {}
    exec(f"def task({text}): ...", namespace)
    return shape_of_signature(Signature.from_callable(namespace["task"]))  # type: ignore[arg-type]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=2_000, help="comparisons per round")
    parser.add_argument("--at-most", type=float, help="fail when a comparison takes longer, in microseconds")
    options = parser.parse_args()
    slowest = 0.0
    for title, (old, new) in CHANGES.items():
        # Tasks come from different files: equal shapes are never the same object.
        before, after = parse(old), parse(new)
        rounds = repeat(lambda: compare_call_shapes(before, after), number=options.number, repeat=5)  # noqa: B023
        taken = min(rounds) / options.number * 1e6
        slowest = max(slowest, taken)
        print(f"{title:32} {taken:7.1f} µs")
    return 1 if options.at_most is not None and slowest > options.at_most else 0


if __name__ == "__main__":
    sys.exit(main())
