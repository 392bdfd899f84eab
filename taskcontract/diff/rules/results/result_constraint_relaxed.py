"""A result has a looser bound, length, pattern or the like.

## What it does
Compares the limits at one place of a result and finds those that let in values which could not come
before.

## Why it breaks
A reader may rely on the old limit, in the width of a column or the size of a page. Few do: it is
dangerous, not breaking.

## Example
```diff
-def size(key: str) -> Annotated[int, Field(le=1024)]: ...
+def size(key: str) -> Annotated[int, Field(le=4096)]: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-constraint-relaxed", "dangerous", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    facets = pair.facets
    if not facets.limits_differ:
        return
    proof = pair.find_gained(pair.old_node.limits)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` may get values in `{pair.label}` beyond the old limits.",
            "Keep the old result for the old version: publish a new major version with a downcaster.",
            severity="dangerous",
            known=proof.known,
            witness=proof.witness,
            old=pair.old_node.limits,
            new=pair.new_node.limits,
        )
