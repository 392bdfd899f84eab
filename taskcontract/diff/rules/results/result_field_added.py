"""An object in a result has a further key.

## What it does
Finds new keys of an object. Where the old object was closed, a reader's model refuses them: that is
breaking.

## Why it breaks
It does not break readers that ignore what they do not know, as most do.

## Example
```diff
 class Stored(BaseModel):
     url: str
+    size: int
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

RULE = Rule("result-field-added", "safe", ("result",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each new key of an object in the result."""
    for name in pair.facets.fields_added:
        proof = pair.find_gained({"properties": {name: False}}) if pair.old_node.closed else None
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"A reader of `{pair.task}` whose `{pair.label}` forbids further keys {pair.refuses} the "
                f"result for `{name}`.",
                or_new_version(pair, "Let the readers ignore further keys first", "with a downcaster"),
                severity=proof.severity,
                known=proof.known,
                witness=proof.witness,
                new=pair.new_node.properties[name],
            )
            continue
        yield RULE.found(
            pair,
            join_key(pair.path, name),
            f"Readers of `{pair.task}` that do not know `{name}` in `{pair.label}` ignore it.",
            f"Deploy the workers before the first reader needs `{name}`.",
            directions=("result", "forward"),
            new=pair.new_node.properties[name],
        )
