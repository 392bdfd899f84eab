"""A parameter takes more types than before, or all values of them.

## What it does
Finds types and alternatives of a union that were not taken, and types of which only enumerated values
were.

## Why it breaks
It does not break old callers. Old workers refuse the new values during the deploy.

## Example
```diff
-def resize(width: int) -> None: ...
+def resize(width: int | str) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-type-widened", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if more types, or more of their values, are accepted."""
    facets = pair.facets
    if not facets.widened:
        return
    proof = pair.find_gained(pair.old if facets.branches_gained else pair.old_node.value_limit)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` also takes {pair.say_gained()}, which workers that are not updated yet "
            f"{pair.refuse}.",
            "Deploy the workers before the first caller sends such a value.",
            known=proof.known,
            old=pair.say_old(),
            new=pair.say_new(),
        )
