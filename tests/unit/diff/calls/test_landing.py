"""What find_landing says of one call is what Python's binder does with it on both sides."""

from __future__ import annotations

import random
from collections import Counter

from taskcontract.diff.calls.landing import find_landing
from taskcontract.diff.calls.shape import shape_of_signature
from tests.support.call_oracle import bind_all, has_moved
from tests.support.signature_pairs import make_random_pair


def test_a_value_lands_elsewhere_where_pythons_binder_puts_it() -> None:
    rng = random.Random(13)
    seen: Counter[bool] = Counter()
    for _ in range(300):
        old, new = make_random_pair(rng)
        names = (*sorted({*old.parameters, *new.parameters}), "fresh")
        positionals = 1 + max(len(old.parameters), len(new.parameters))
        after = bind_all(new, names, positionals)
        shapes = shape_of_signature(old), shape_of_signature(new)
        for call, before in bind_all(old, names, positionals).items():
            if call in after:
                moved = has_moved(old, new, before, after[call])
                said = find_landing(*shapes, *call)
                assert bool(said) is moved, f"{old} -> {new}: {call}: {said!r}"
                seen[moved] += 1
    assert min(seen[True], seen[False]) > 1_000
