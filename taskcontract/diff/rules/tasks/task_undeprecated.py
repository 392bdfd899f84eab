"""A task is no longer announced to end.

## What it does
Finds tasks that had a deprecation or a sunset date and have none now, and those whose sunset date was over
and is not any more.

## Why it breaks
It does not: callers may stay.

## Example
```diff
-@pusher.task(version="1.0.0", deprecated="2026-10-01")
+@pusher.task(version="1.0.0")
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

RULE = Rule("task-undeprecated", "safe", ("operational",), "patch")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if a deprecation or a sunset date was withdrawn."""
    old, new = pair.old, pair.new
    if old is None or new is None:
        return
    if pair.ended and not pair.refused_now:
        yield RULE.found(
            pair,
            "sunset",
            f"Calls of {old.id} were refused after {old.sunset}, and are served again by the new workers.",
            "Deploy the workers before a caller comes back.",
            directions=("forward",),
            old=old.sunset,
            new=new.sunset,
        )
        return
    names = ("deprecated", "sunset") if new.sunset is None else ()
    withdrawn = [name for name in names if getattr(old, name) and not getattr(new, name)]
    if withdrawn:
        yield RULE.found(
            pair,
            withdrawn[0],
            f"Callers of {old.id} that were told to move may stay.",
            "Tell them, if they have plans to move.",
            old=getattr(old, withdrawn[0]),
        )
