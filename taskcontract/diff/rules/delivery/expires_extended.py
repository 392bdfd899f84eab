"""A task's messages expire later.

## What it does
Finds an `expires` option that is higher than before.

## Why it breaks
It does not break a call: a message that waits is run where it was revoked.

## Example
```diff
-@pusher.task(version="1.0.0", expires=60)
+@pusher.task(version="1.0.0", expires=3600)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("expires-extended", "safe", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if both sides set `expires` and the new value is larger."""
    old, new = pair.option("expires")
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and new > old:
        yield RULE.found(
            pair,
            "options.expires",
            f"A message for `{pair.task}` may wait for {new} s (before: {old} s) until it ends as REVOKED.",
            "Nothing, unless the work is of no use that late.",
            old=old,
            new=new,
        )
