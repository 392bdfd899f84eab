"""There is a new version of a task, beside the others.

## What it does
Finds wire names that only the new service has a handler for, where the task had other versions before.

## Why it breaks
It breaks no caller of today: the version has a wire name of its own. An old worker discards
calls of it: deploy the workers before its first caller.

## Example
```diff
 @pusher.task(version="1.0.0")
 def send_to_s3(key: str, content: str) -> str: ...
+@pusher.task(version="2.0.0", supersedes=send_to_s3)
+def send_to_s3_v2(key: str, content: str, meta: dict[str, str]) -> Stored: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("task-version-added", "safe", ("forward",), "minor")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for a new version of a task that the old side has in other versions."""
    new = pair.new
    if pair.old is None and new is not None and new.name in pair.catalogue.old_versions:
        yield RULE.found(
            pair,
            "wire_name",
            f"Workers that are not updated yet discard calls of `{new.wire_name}`.",
            f"Deploy the workers before the first caller of {new.id}.",
            new=new.wire_name,
        )
