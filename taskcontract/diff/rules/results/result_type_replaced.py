"""A result has other types than before, and none of the old ones.

## What it does
Finds places in a result whose old and new types have nothing in common.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated. The
next link of a chain gets it as its first argument.

## Example
```diff
-def send_to_s3(key: str) -> str: ...
+def send_to_s3(key: str) -> Stored: ...
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

RULE = Rule("result-type-replaced", "breaking", ("result", "forward"), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the result has none of its old types."""
    facets = pair.facets
    if not facets.replaced:
        return
    proof = pair.find_gained(pair.old_node.type_limit)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"Every reader of `{pair.task}` gets {pair.say_new()} in `{pair.label}`, where it expects "
            f"{pair.say_old()}.",
            or_new_version(pair, "Keep the old result", "with a downcaster"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.say_old(),
            new=pair.say_new(),
        )
