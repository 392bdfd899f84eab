"""A worker starts more calls per second than before.

## What it does
Finds a `rate_limit` that is gone or higher.

## Why it breaks
It does not break a call. What the task itself calls gets more at once.

## Example
```diff
-@pusher.task(version="1.0.0", rate_limit="10/m")
+@pusher.task(version="1.0.0", rate_limit="100/s")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.content import rate_per_second

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("rate-limit-relaxed", "safe", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if the new rate limit, in calls per second, is higher or removed."""
    old, new = pair.option("rate_limit")
    if rate_per_second(new) > rate_per_second(old):
        yield RULE.found(
            pair,
            "options.rate_limit",
            f"A worker starts more calls of `{pair.task}` at once: {new or 'no limit'}; before: {old}.",
            "Check that what the task calls can take them.",
            old=old,
            new=new,
        )
