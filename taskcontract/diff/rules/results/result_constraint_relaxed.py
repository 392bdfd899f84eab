"""A result has a looser bound, length, pattern or the like.

## What it does
Compares the limits at one place of a result and finds those that let in values which could not come
before.

## Why it breaks
A reader's bindings check what they read against the limit that they declare: they refuse a value beyond it.

## Example
```diff
-def size(key: str) -> Annotated[int, Field(le=1024)]: ...
+def size(key: str) -> Annotated[int, Field(le=4096)]: ...
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

RULE = Rule("result-constraint-relaxed", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if results may be outside the old limits."""
    facets = pair.facets
    if not facets.limits_differ:
        return
    proof = pair.find_gained(pair.old_node.limits)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` {pair.refuses} the values in `{pair.label}` that are beyond the old "
            "limits.",
            or_new_version(pair, "Keep the old result", "with a downcaster"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.old_node.limits,
            new=pair.new_node.limits,
        )
