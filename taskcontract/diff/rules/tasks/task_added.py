"""There is a new task.

## What it does
Finds wire names that only the new service has a handler for, where the task is new as well.

## Why it breaks
It breaks no caller of today. An old worker discards calls of the new task: deploy the
workers before its first caller.

## Example
```diff
+@pusher.task(version="1.0.0")
+def delete_from_s3(key: str) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("task-added", "safe", ("forward",), "minor")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for a task that the old side has in no version."""
    new = pair.new
    if pair.old is None and new is not None and new.name not in pair.catalogue.old_versions:
        yield RULE.found(
            pair,
            "wire_name",
            f"Workers that are not updated yet discard calls of `{new.wire_name}`.",
            "Deploy the workers before the first caller.",
            new=new.wire_name,
        )
