"""A queue is gone with all its tasks, so that no worker consumes it.

## What it does
Finds queues that some task of the old spec used and no task of the new spec does, where all those tasks are
gone. What tasks leave behind that moved to another queue is found by `queue-changed`.

Where nobody declared versions, in a project without bindings, the queues that its workers consume are not
known, and nothing is found.

## Why it breaks
A worker is started with `-Q` and the queues of its service. Messages that still wait in the old queue,
and those of callers that were not updated, stay there: no worker takes or refuses them, their callers see
PENDING for ever, and nothing is logged. Where the sunset date of every task is over, it is safe.

## Example
```diff
-@pusher.task(version="1.0.0", queue="thumbnails")
-def shrink(key: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.services import ServicePair
    from taskcontract.model.finding import Finding

RULE = Rule("queue-no-longer-consumed", "breaking", ("backward",), "major")


def check(pair: ServicePair) -> Iterator[Finding]:
    """Yield a finding for each old queue that no new task uses and no task moved away from."""
    if not pair.version:  # which queues its workers consume is said where they are started
        return
    left = {move.old.queue_name for move in pair.moved}
    for queue in sorted(pair.old_queues - pair.new_queues - left):
        served = [
            task
            for task in pair.old.tasks
            if task.queue_name == queue and not pair.context.policy.is_over(task.sunset)
        ]
        yield RULE.found(
            pair,
            f"queues.{queue}",
            f"Messages in the queue `{queue}` are never taken, nor refused: their callers stay PENDING for "
            "ever."
            if served
            else f"What still lies in the queue `{queue}` is never taken; calls in it were refused already.",
            f"Keep a worker on `-Q {queue}` until the queue is empty and no caller sends to it."
            if served
            else "Delete the queue.",
            severity="breaking" if served else "safe",
            old=queue,
        )
