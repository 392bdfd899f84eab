"""A result has more types than before, or all values of them.

## What it does
Finds types and alternatives of a union that the result did not have, and types of which it had only
enumerated values.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated.

## Example
```diff
-def size(key: str) -> int: ...
+def size(key: str) -> int | str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-type-widened", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the result has more types, or more of their values."""
    facets = pair.facets
    if not facets.widened:
        return
    proof = pair.find_gained(pair.old if facets.branches_gained else pair.old_node.value_limit)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` may get {pair.say_gained()} in `{pair.label}`, which it does "
            "not expect.",
            or_new_version(pair, "Keep the old result", "with a downcaster"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.say_old(),
            new=pair.say_new(),
        )
