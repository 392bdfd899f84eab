"""A task's messages have another priority.

## What it does
Finds a `priority` that differs.

## Why it breaks
It does not break a call: messages overtake each other in another order.

## Example
```diff
-@pusher.task(version="1.0.0", priority=3)
+@pusher.task(version="1.0.0", priority=9)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("priority-changed", "safe", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if the `priority` differs."""
    old, new = pair.option("priority")
    if old != new:
        yield RULE.found(
            pair,
            "options.priority",
            f"Messages for `{pair.task}` have priority {new} instead of {old}: the order of work changes.",
            "Nothing, unless another task relies on the order.",
            old=old,
            new=new,
        )
