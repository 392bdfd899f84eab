"""A task's messages are written in another format.

## What it does
Finds tasks whose serializer differs, and asks whether each side accepts what the other sends: a worker
accepts what its `accept_content` lists, or else its own serializer. Where only old workers refuse
what new callers send, the order of the deploy decides: that is dangerous.

## Why it breaks
A worker refuses a message in a format that it does not accept and drops it: the work is lost, the caller
stays PENDING and no errback runs.

## Example
```diff
-pusher = Service("pusher", serializer="yaml")
+pusher = Service("pusher", serializer="json")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.content import accepted_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("serializer-changed", "breaking", ("backward", "forward"), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    old, new = pair.old.serializer, pair.new.serializer
    if old == new:
        return
    backward = old not in accepted_by(pair.new)
    forward = new not in accepted_by(pair.old)
    if backward:
        yield RULE.found(
            pair,
            "serializer",
            f"The new worker refuses what old callers of `{pair.task}` send as {old}: the message is lost.",
            f'Let the worker accept both for a while: accept_content=["{new}", "{old}"].',
            directions=("backward", "forward") if forward else ("backward",),
            old=old,
            new=new,
        )
    else:
        yield RULE.found(
            pair,
            "serializer",
            f"The new worker takes {old} as well as {new}"
            + (f"; old workers refuse {new}, and the message is lost." if forward else "."),
            "Deploy all workers before the first caller." if forward else "Nothing: both are accepted.",
            severity="dangerous" if forward else "safe",
            directions=("forward",) if forward else ("operational",),
            bump="minor",
            old=old,
            new=new,
        )
