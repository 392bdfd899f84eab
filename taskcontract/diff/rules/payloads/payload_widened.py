"""A parameter takes more values than before, in a way that no other rule names.

## What it does
Steps in where the engine has a value that was not taken and is now, and no rule on a single place of the
schema explains it.

## Why it breaks
It does not break old callers. Old workers refuse the new values during the deploy.

## Example
```diff
-{"type": "object", "patternProperties": {"^x-": {"type": "string"}}}
+{"type": "object", "patternProperties": {"^x-": {}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-widened", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that accepts more values if no place in its schema explains why."""
    if pair.unexplained == "gained":
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` takes values that workers which are not updated yet {pair.refuse}.",
            "Deploy the workers before the first caller sends such a value.",
        )
