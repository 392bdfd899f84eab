"""One version of a task is gone; others are still served.

## What it does
Finds wire names that the new service has no handler for, where another version of the same task is left.
A version whose sunset date has passed was due to go: that is safe.

## Why it breaks
Each major version has a wire name of its own. Callers of this one still send it, as do queued messages
and retries; the worker discards them as unknown.

## Example
```diff
-@pusher.task(version="1.0.0")
-def send_to_s3(key: str, content: str) -> str: ...
 @pusher.task(version="2.0.0")
 def send_to_s3_v2(key: str, content: str, meta: dict[str, str]) -> Stored: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("task-version-removed", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for a removed version of a task that the new side has in other versions."""
    old = pair.old
    if old is None or pair.new is not None or old.name not in pair.catalogue.new_versions or pair.promised:
        return
    if pair.ended:
        yield RULE.found(
            pair,
            "wire_name",
            f"Calls of `{old.wire_name}` are refused already: its sunset date, {old.sunset}, is over.",
            "Nothing: the date was announced and has passed.",
            severity="safe",
            old=old.wire_name,
        )
        return
    left = ", ".join(pair.catalogue.new_versions[old.name])
    yield RULE.found(
        pair,
        "wire_name",
        f"The worker discards each message for `{old.wire_name}`, though it serves `{old.name}` {left}.",
        f"Serve {old.id} through an upcaster until its callers have moved to {left}.",
        witness=pair.any_call,
        old=old.wire_name,
    )
