"""An object knows a further key that may be left out.

## What it does
Finds new optional keys of an object. Where the old object was open, a caller may have sent the key
already, with any value: under the policy `objects = open` that is dangerous.

## Why it breaks
It does not break callers that send what was declared. Where the old object was closed, old workers
refuse the key during the deploy.

## Example
```diff
 class Meta(BaseModel):
     model_config = ConfigDict(extra="forbid")
     owner: str
+    tenant: str = ""
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

RULE = Rule("payload-field-added-optional", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each new optional key of an object."""
    for name in pair.facets.fields_added:
        if name in pair.new_node.required:
            continue
        proof = pair.find_lost({"properties": {name: pair.new_node.properties[name]}})
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"A message that sent a `{name}` of its own in `{pair.label}` is refused if its value "
                "does not fit.",
                f"Make sure that no caller sends `{name}` yet, or read objects as closed.",
                severity=proof.severity,
                directions=("backward", "forward"),
                known=proof.known,
                bump="minor" if proof.severity != "breaking" else "major",
                witness=proof.witness,
                new=pair.new_node.properties[name],
            )
            continue
        fate = pair.refuse if pair.old_node.closed else "ignore"
        yield RULE.found(
            pair,
            join_key(pair.path, name),
            f"Workers that are not updated yet {fate} the key `{name}` in `{pair.label}`.",
            f"Deploy the workers before the first caller sends `{name}`.",
            new=pair.new_node.properties[name],
        )
