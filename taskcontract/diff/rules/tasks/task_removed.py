"""A task is gone, with all its versions.

## What it does
Finds wire names that the new service has no handler for, where no other version of the task is left
either. A task whose sunset date has passed was due to go: that is safe. One that goes before its date is
`task-removed-before-sunset`.

## Why it breaks
A worker that does not know the name rejects the message: it is gone, and the caller gets NotRegistered. No
errback runs, and the later links of a chain or the body of a chord stay PENDING for ever. Messages that are
queued, retries and tasks with an ETA are lost alike.

## Example
```diff
-@pusher.task(version="1.0.0")
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

RULE = Rule("task-removed", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for a task that the new side has in no version."""
    old = pair.old
    if old is None or pair.new is not None or old.name in pair.catalogue.new_versions or pair.promised:
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
    yield RULE.found(
        pair,
        "wire_name",
        f"The worker discards each message for `{old.wire_name}` as NotRegistered: the work is lost.",
        f"Keep `{old.name}` with `deprecated=` and a sunset date until no caller uses it."
        if old.version
        else f"Keep `{old.name}` registered until no caller sends it and the queue is drained.",
        witness=pair.any_call,
        old=old.wire_name,
    )
