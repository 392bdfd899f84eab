"""A result has fewer types or values than before.

## What it does
Finds types, null, listed values and limits that a result no longer uses up.

## Why it breaks
It does not break old readers: all that comes, they expect. New readers may still meet a stored result,
or one of an old worker, that is outside.

## Example
```diff
-def size(key: str) -> int | None: ...
+def size(key: str) -> int: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-type-narrowed", "safe", ("result", "forward"), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the result has fewer types, or fewer of their values."""
    facets = pair.facets
    if not (facets.narrowed or facets.null_lost or facets.values_lost or facets.limits_differ):
        return
    limit = pair.new if facets.branches_lost else {"allOf": [pair.new_node.value_limit, pair.new_node.limits]}
    proof = pair.find_lost(limit)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"Results of old workers in `{pair.label}` may be outside what a new reader of "
            f"`{pair.task}` expects.",
            "Deploy the workers first, and let readers take stored results for a while.",
            known=proof.known,
            old=pair.say_old(),
            new=pair.say_new(),
        )
