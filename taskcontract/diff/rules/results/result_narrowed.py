"""A result has fewer values than before, in a way that no other rule names.

## What it does
Steps in where the engine has a result that can no longer come, and no rule on a single place of the
schema explains it.

## Why it breaks
It does not break old readers: all that comes, they expect. New readers may still meet a stored result,
or one of an old worker, that is outside.

## Example
```diff
-{"type": "object", "patternProperties": {"^x-": {}}}
+{"type": "object", "patternProperties": {"^x-": {"type": "string"}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-narrowed", "safe", ("result", "forward"), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for a result that has fewer values if no place in its schema explains why."""
    if pair.unexplained == "lost":
        yield RULE.found(
            pair,
            pair.path,
            f"Results of old workers may be outside what a new reader of `{pair.task}` expects.",
            "Deploy the workers first, and let readers take stored results for a while.",
        )
