"""An object in a result may lack a key that it always had.

## What it does
Finds keys of an object that were always there and may be missing now.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated.

## Example
```diff
 class Stored(TypedDict):
     url: str
-    size: int
+    size: NotRequired[int]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.schemas import join_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-field-became-optional", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each key that objects in the result may now lack."""
    for name in pair.facets.fields_made_optional:
        proof = pair.find_gained({"required": [name]})
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"A reader of `{pair.task}` that takes `{name}` from `{pair.label}` may find no such key.",
                or_new_version(pair, f"Always return `{name}`", "with a downcaster that adds it"),
                severity=proof.severity,
                known=proof.known,
                witness=proof.witness,
                old=pair.old_node.properties.get(name),
            )
