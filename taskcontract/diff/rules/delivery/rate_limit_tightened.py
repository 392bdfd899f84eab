"""A worker starts fewer calls per second than before.

## What it does
Finds a `rate_limit` that is new or lower.

## Why it breaks
Messages wait longer in the worker. Where callers send faster than the limit the queue grows without end,
and messages with an expiry end as REVOKED.

## Example
```diff
-@pusher.task(version="1.0.0", rate_limit="100/s")
+@pusher.task(version="1.0.0", rate_limit="10/m")
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

RULE = Rule("rate-limit-tightened", "dangerous", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if the new rate limit, in calls per second, is lower or was added."""
    old, new = pair.option("rate_limit")
    if rate_per_second(new) < rate_per_second(old):
        yield RULE.found(
            pair,
            "options.rate_limit",
            f"Each worker starts at most {new} calls of `{pair.task}`; before: {old or 'no limit'}.",
            "Check that the callers together send less than that.",
            old=old,
            new=new,
        )
