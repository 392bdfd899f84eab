"""An object may leave out a key that it had to have.

## What it does
Finds keys of an object that had to be given and may be left out now.

## Why it breaks
It does not break old callers. Old workers refuse an object without the key during the deploy.

## Example
```diff
 class Meta(BaseModel):
-    owner: str
+    owner: str = ""
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.schemas import join_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-field-became-optional", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each key that objects may now leave out."""
    for name in pair.facets.fields_made_optional:
        proof = pair.find_gained({"required": [name]})
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"Workers that are not updated yet {pair.refuse} a message whose `{pair.label}` has no "
                f"`{name}`.",
                f"Deploy the workers before the first caller leaves `{name}` out.",
                known=proof.known,
                old=pair.old_node.properties.get(name),
                new=pair.new_node.properties[name],
            )
