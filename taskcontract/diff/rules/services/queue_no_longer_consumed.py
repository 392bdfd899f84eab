"""No task of the service uses a queue any more, so no worker consumes it.

## What it does
Finds queues that some task of the old spec used and no task of the new spec does.

## Why it breaks
A worker is started with `-Q` and the queues of its service. Messages that still wait in the old queue,
and those of callers that were not updated, stay there: nobody takes them, their callers see PENDING for
ever, and nothing is logged.

## Example
```diff
-pusher = Service("pusher", queue="pusher")
+pusher = Service("pusher", queue="uploads")
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
    for queue in sorted(pair.old_queues - pair.new_queues, key=str):
        name = queue or "celery"
        yield RULE.found(
            pair,
            f"queues.{name}",
            f"Messages in the queue `{name}` are never taken: their callers stay PENDING for ever.",
            f"Keep a worker on `-Q {name}` until the queue is empty and no caller sends to it.",
            old=queue,
        )
