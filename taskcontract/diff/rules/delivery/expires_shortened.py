"""A task's messages expire sooner.

## What it does
Finds an `expires` option that is lower than before.

## Why it breaks
A worker that takes a message after its expiry revokes it: the task does not run and ends as REVOKED.

## Example
```diff
-@pusher.task(version="1.0.0", expires=3600)
+@pusher.task(version="1.0.0", expires=60)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("expires-shortened", "dangerous", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if both sides set `expires` and the new value is smaller."""
    old, new = pair.option("expires")
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and new < old:
        yield RULE.found(
            pair,
            "options.expires",
            f"A message for `{pair.task}` that waits longer than {new} s (before: {old} s) ends as REVOKED.",
            "Check the longest time that a message waits, outages included.",
            old=old,
            new=new,
        )
