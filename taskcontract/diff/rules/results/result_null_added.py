"""A result may be null, and could not before.

## What it does
Finds places in a result that may be null (`None`) now.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated.

## Example
```diff
-def size(key: str) -> int: ...
+def size(key: str) -> int | None: ...
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

RULE = Rule("result-null-added", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the result may be null now."""
    facets = pair.facets
    if not facets.null_gained:
        return
    proof = pair.find_gained({"not": {"type": "null"}})
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` may get null in `{pair.label}`, which it does not expect.",
            or_new_version(pair, "Keep the old result", "with a downcaster"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.say_old(),
            new=None,
        )
