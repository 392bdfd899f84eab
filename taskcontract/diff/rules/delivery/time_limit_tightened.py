"""A task may run for less time than before.

## What it does
Finds a `time_limit` or `soft_time_limit` that is new or shorter.

## Why it breaks
Past the hard limit the worker kills the process that runs the task; past the soft one the task gets
SoftTimeLimitExceeded. Calls that took longer than the new limit used to succeed. The limits travel with
the caller's message: callers that send by name alone get none.

## Example
```diff
-@pusher.task(version="1.0.0", time_limit=600)
+@pusher.task(version="1.0.0", time_limit=60)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("time-limit-tightened", "dangerous", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each time limit that was lowered or added."""
    for name in ("time_limit", "soft_time_limit"):
        old, new = pair.option(name)
        if isinstance(new, (int, float)) and (old is None or (isinstance(old, (int, float)) and new < old)):
            fate = "are killed" if name == "time_limit" else "get SoftTimeLimitExceeded"
            before = f"{old} s were allowed" if old is not None else "there was no limit"
            yield RULE.found(
                pair,
                f"options.{name}",
                f"Calls of `{pair.task}` that take longer than {new} s {fate}; {before}.",
                "Check the longest runs in production before you deploy.",
                old=old,
                new=new,
            )
