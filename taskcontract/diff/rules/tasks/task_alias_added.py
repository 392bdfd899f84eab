"""A task is served by one more name.

## What it does
Finds aliases that a task did not have, where its wire name stays.

## Why it breaks
It does not: no caller used that name yet, or it was refused.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", aliases=("uploads.send",))
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

RULE = Rule("task-alias-added", "safe", ("operational",), "minor")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for each alias that only the new side serves."""
    old, new = pair.old, pair.new
    if old is None or new is None:
        return
    for name in new.aliases:
        if name not in old.wire_names:
            yield RULE.found(
                pair,
                f"aliases.{name}",
                f"Workers serve calls of `{name}` as calls of `{new.wire_name}`.",
                f"Nothing: callers are to use `{new.wire_name}`.",
                new=name,
            )
