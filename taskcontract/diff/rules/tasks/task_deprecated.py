"""A task is announced to end: it is deprecated, or has a sunset date now.

## What it does
Finds tasks that have a deprecation or a sunset date and had none.

## Why it breaks
It does not: calls are served as before, with a warning. After the sunset date they are refused.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", deprecated="2026-10-01", sunset="2027-06-30")
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

RULE = Rule("task-deprecated", "safe", ("operational",), "minor")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if the task was deprecated or got a sunset date."""
    old, new = pair.old, pair.new
    if old is None or new is None or pair.refused_now or pair.ended:
        return
    ends = bool(new.sunset and not old.sunset)
    if not ends and (old.deprecated or old.sunset or not new.deprecated):
        return
    until = f" until {new.sunset}" if new.sunset else ""
    yield RULE.found(
        pair,
        "deprecated" if new.deprecated and not old.deprecated else "sunset",
        f"Calls of {old.id} are served{until}, each with a deprecation warning.",
        "Tell its callers which version to move to.",
        old=old.deprecated,
        new=new.deprecated or new.sunset,
    )
