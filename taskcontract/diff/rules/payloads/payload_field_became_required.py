"""An object must have a key that was optional.

## What it does
Finds keys of an object that could be left out and must be given now.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous.

## Example
```diff
 class Meta(BaseModel):
-    owner: str = ""
+    owner: str
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

RULE = Rule("payload-field-became-required", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each optional key that objects must now have."""
    for name in pair.facets.fields_made_required:
        if name not in pair.old_node.properties:
            continue
        proof = pair.find_lost({"required": [name]})
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"The worker {pair.refuses} a message whose `{pair.label}` has no `{name}`.",
                or_new_version(pair, f"Keep the default of `{name}`", "with an upcaster that fills it in"),
                severity=proof.severity,
                known=proof.known,
                witness=proof.witness,
                old=pair.old_node.properties[name],
                new=pair.new_node.properties.get(name),
            )
