"""A parameter also takes null.

## What it does
Finds places that take null (`None`) and did not.

## Why it breaks
It does not break old callers. Old workers refuse the new values during the deploy.

## Example
```diff
-def resize(width: int) -> None: ...
+def resize(width: int | None) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-null-added", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if null is accepted now."""
    facets = pair.facets
    if not facets.null_gained:
        return
    proof = pair.find_gained({"not": {"type": "null"}})
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` also takes null, which workers that are not updated yet {pair.refuse}.",
            "Deploy the workers before the first caller sends such a value.",
            known=proof.known,
            old=pair.say_old(),
            new=None,
        )
