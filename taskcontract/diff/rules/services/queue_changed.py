"""Tasks are sent to another queue.

## What it does
Finds the queues that tasks moved away from: one finding for each queue, however many tasks it had. It is safe
where the new service still consumes the old queue for other tasks. A task without a queue is in `celery`.
Where nobody declared versions, in a project without bindings, it is not known which queues the workers
consume: what may break is dangerous then.

## Why it breaks
The caller chooses the queue. Callers that were not updated, retries and queued messages use the old one:
if no worker consumes it any more, they wait there for ever and nothing is logged.

## Example
```diff
-pusher = Service("pusher", queue="pusher")
+pusher = Service("pusher", queue="uploads")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.services import ServicePair
    from taskcontract.model.finding import Finding

RULE = Rule("queue-changed", "breaking", ("backward", "forward"), "major")


def check(pair: ServicePair) -> Iterator[Finding]:
    """Yield a finding for each queue that tasks moved away from or to."""
    kept = []
    for queue in sorted({move.old.queue_name for move in pair.moved}):
        moves = [move for move in pair.moved if move.old.queue_name == queue]
        if queue in pair.new_queues:
            kept += moves
            continue
        others = sorted({move.new.queue_name for move in moves})
        both = ",".join((queue, *others))
        yield RULE.found(
            pair,
            f"queues.{queue}",
            f"Calls of {say_names(move.task for move in moves)} by old callers wait in `{queue}`, which "
            f"{'no worker consumes' if pair.version else 'the workers may not consume'} any more, as do "
            "queued calls and retries.",
            f"Let the workers consume both (`-Q {both}`) until `{queue}` is empty and no caller sends to it.",
            severity=None if pair.version else "dangerous",
            directions=("backward",) if pair.old_queues.issuperset(others) else ("backward", "forward"),
            old=queue,
            new=others,
        )
    for queue in sorted({move.new.queue_name for move in kept}):
        names = say_names(move.task for move in kept if move.new.queue_name == queue)
        unknown = queue not in pair.old_queues
        yield RULE.found(
            pair,
            f"queues.{queue}",
            f"Old callers of {names} are served: their queue is still consumed."
            + (f" Calls in `{queue}` wait for the new workers." if unknown else ""),
            "Deploy the workers before the callers." if unknown else "Nothing: both queues are consumed.",
            severity="safe",
            directions=("forward",) if unknown else ("operational",),
            old=sorted({move.old.queue_name for move in kept if move.new.queue_name == queue}),
            new=queue,
        )
