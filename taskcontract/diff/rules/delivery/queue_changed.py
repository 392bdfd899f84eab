"""A task's messages go to another queue.

## What it does
Finds tasks whose queue differs. It is safe backward where the new service still consumes the old queue
for other tasks, and forward where the old one consumes the new queue already.

## Why it breaks
The caller chooses the queue. Callers that were not updated, retries and queued messages use the old one:
if no worker consumes it any more, they wait there for ever and nothing is logged.

## Example
```diff
-@pusher.task(version="1.0.0", queue="pusher")
+@pusher.task(version="1.0.0", queue="uploads")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("queue-changed", "breaking", ("backward", "forward"), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    old, new = pair.old.queue or "celery", pair.new.queue or "celery"
    if old == new:
        return
    lost = pair.old.queue not in pair.services.new_queues
    unknown = pair.new.queue not in pair.services.old_queues
    if lost:
        yield RULE.found(
            pair,
            "queue",
            f"Calls of `{pair.task}` by old callers wait in `{old}`, which no worker consumes any more.",
            f"Let the workers consume both (`-Q {old},{new}`) until `{old}` is empty and unused.",
            directions=("backward", "forward") if unknown else ("backward",),
            old=pair.old.queue,
            new=pair.new.queue,
        )
    else:
        wait = f"; until then calls wait in `{new}`" if unknown else ""
        yield RULE.found(
            pair,
            "queue",
            f"`{old}` is still consumed, so that old callers of `{pair.task}` are served.",
            f"Deploy the workers first{wait}." if unknown else "Nothing: both queues are consumed.",
            severity="safe",
            directions=("forward",) if unknown else ("operational",),
            old=pair.old.queue,
            new=pair.new.queue,
        )
