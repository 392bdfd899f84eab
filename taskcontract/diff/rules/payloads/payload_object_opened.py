"""An object takes keys that it does not name, and did not before.

## What it does
Finds objects that refused all but the named keys, and take others now.

## Why it breaks
It does not break old callers. Old workers refuse further keys during the deploy.

## Example
```diff
 class Meta(BaseModel):
     owner: str
-    model_config = ConfigDict(extra="forbid")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-object-opened", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if an object now accepts keys that the schema does not name."""
    old, new = pair.old_node, pair.new_node
    if not old.closed or new.closed or pair.unexplained:
        return
    named = dict.fromkeys((*old.properties, *new.properties), True)
    if pair.find_gained({"properties": named, "additionalProperties": False}) is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"Workers that are not updated yet {pair.refuse} further keys in `{pair.label}`.",
            "Deploy the workers before the first caller sends one.",
        )
