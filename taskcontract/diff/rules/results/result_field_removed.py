"""An object in a result no longer has a key.

## What it does
Finds keys of an object that are gone. Where the key could be missing before, that is dangerous: readers
coped with its absence, but not with never getting it.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated.

## Example
```diff
 class Stored(BaseModel):
     url: str
-    size: int
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

RULE = Rule("result-field-removed", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each key that the new result's schema does not name."""
    for name in pair.facets.fields_removed:
        proof = pair.find_gained({"required": [name]}) if name in pair.old_node.required else None
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"A reader of `{pair.task}` that takes `{name}` from `{pair.label}` finds no such key.",
                or_new_version(pair, f"Keep returning `{name}`", "with a downcaster that adds it"),
                severity=proof.severity,
                known=proof.known,
                witness=proof.witness,
                old=pair.old_node.properties[name],
            )
            continue
        yield RULE.found(
            pair,
            join_key(pair.path, name),
            f"A reader of `{pair.task}` finds no `{name}` in `{pair.label}` any more; it can do without.",
            f"Make sure that no reader needs `{name}`.",
            severity="dangerous",
            old=pair.old_node.properties[name],
        )
