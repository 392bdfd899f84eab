"""An object must have a key that it did not know before.

## What it does
Finds new keys of an object that every message must give.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous. Where the old
object was closed, old workers refuse the new key during the deploy.

## Example
```diff
 class Meta(BaseModel):
     owner: str
+    tenant: str
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

RULE = Rule("payload-field-added-required", "breaking", ("backward", "forward"), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each new key that objects must have."""
    for name in pair.facets.fields_made_required:
        if name in pair.old_node.properties:
            continue
        proof = pair.find_lost({"required": [name]})
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"The worker {pair.refuses} a message whose `{pair.label}` has no `{name}`.",
                or_new_version(pair, f"Give `{name}` a default", "with an upcaster that fills it in"),
                severity=proof.severity,
                known=proof.known,
                witness=proof.witness,
                directions=("backward", "forward") if pair.old_node.closed else ("backward",),
                new=pair.new_node.properties.get(name),
            )
