"""The date until which a task is served is earlier than promised.

## What it does
Finds tasks whose sunset date moved to an earlier day that is still to come; one that is over is for
`sunset-in-the-past`.

## Why it breaks
After its sunset a task refuses calls. Callers planned their move by the old date; messages with an ETA
between the two dates are refused.

## Example
```diff
-@pusher.task(version="1.0.0", sunset="2027-06-30")
+@pusher.task(version="1.0.0", sunset="2027-01-31")
 def send_to_s3(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("sunset-moved-earlier", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if both sides have a sunset date and the new one is earlier."""
    old, new = pair.old, pair.new
    if old is None or new is None or not old.sunset or not new.sunset or new.sunset >= old.sunset:
        return
    if pair.refused_now:
        return
    yield RULE.found(
        pair,
        "sunset",
        f"After {new.sunset} calls of {old.id} are refused, though they were promised until {old.sunset}.",
        f"Keep {old.sunset}, or agree on the new date with every caller.",
        old=old.sunset,
        new=new.sunset,
    )
