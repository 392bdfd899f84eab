"""An object no longer takes keys that it does not name.

## What it does
Finds objects that took any further key, and refuse all but the named ones now.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous. Under the
policy `objects = closed` no caller sends such keys.

## Example
```diff
 class Meta(BaseModel):
     owner: str
+    model_config = ConfigDict(extra="forbid")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-object-closed", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if an object now refuses keys that the schema does not name."""
    old, new = pair.old_node, pair.new_node
    if old.closed or not new.closed or pair.unexplained:
        return
    named = dict.fromkeys((*old.properties, *new.properties), True)
    proof = pair.find_lost({"properties": named, "additionalProperties": False}, undeclared=True)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"The worker {pair.refuses} a message whose `{pair.label}` has a key that is not declared.",
            "Leave the object open, or make sure that no caller sends keys of its own.",
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
        )
