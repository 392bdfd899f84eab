"""A task may run for longer than before.

## What it does
Finds a `time_limit` or `soft_time_limit` that is gone or longer.

## Why it breaks
It does not break a call. One that hangs holds its worker's process for longer; without a limit for ever.

## Example
```diff
-@pusher.task(version="1.0.0", time_limit=60)
+@pusher.task(version="1.0.0", time_limit=600)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("time-limit-relaxed", "safe", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each time limit that was raised or removed."""
    for name in ("time_limit", "soft_time_limit"):
        old, new = pair.option(name)
        if isinstance(old, (int, float)) and (new is None or (isinstance(new, (int, float)) and new > old)):
            now = f"{new} s are allowed" if new is not None else "there is no limit"
            yield RULE.found(
                pair,
                f"options.{name}",
                f"A call of `{pair.task}` that hangs holds its process for longer: {now}, before {old} s.",
                "Check that there are workers enough for calls that take so long.",
                old=old,
                new=new,
            )
