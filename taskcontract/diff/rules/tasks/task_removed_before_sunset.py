"""A task or a version is gone before the date that was promised is over.

## What it does
Finds wire names without a handler whose sunset date is today or still to come: they are served on that
day. It takes the place of `task-removed` and `task-version-removed`.

## Why it breaks
The date told callers until when they may call. They plan their move by it, and tasks with an ETA may lie
in the queue until then; all these messages are discarded.

## Example
```diff
-@pusher.task(version="1.0.0", sunset="2027-06-30")
-def send_to_s3(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("task-removed-before-sunset", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for a task or version that was removed before its sunset date."""
    old = pair.old
    if old is None or pair.new is not None or not pair.promised:
        return
    yield RULE.found(
        pair,
        "sunset",
        f"`{old.wire_name}` was promised until {old.sunset}; from now on its messages are discarded.",
        f"Keep serving {old.id}, through an upcaster if need be, until {old.sunset}.",
        witness=pair.any_call,
        old=old.sunset,
    )
