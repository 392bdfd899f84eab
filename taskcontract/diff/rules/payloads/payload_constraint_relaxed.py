"""A parameter has a looser bound, length, pattern or the like.

## What it does
Compares the limits at one place and finds those that let in values which were not taken.

## Why it breaks
It does not break old callers. Old workers refuse the new values during the deploy.

## Example
```diff
-def resize(width: Annotated[int, Field(le=1024)]) -> None: ...
+def resize(width: Annotated[int, Field(le=4096)]) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-constraint-relaxed", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if values outside the old limits are accepted now."""
    facets = pair.facets
    if not facets.limits_differ:
        return
    proof = pair.find_gained(pair.old_node.limits)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` has looser limits ({say_limits(pair.new_node, pair.old_node)}); old "
            "workers keep the old ones.",
            "Deploy the workers before the first caller sends such a value.",
            known=proof.known,
            old=pair.old_node.limits,
            new=pair.new_node.limits,
        )
