"""A task's messages expire, and did not before.

## What it does
Finds an `expires` option that is new.

## Why it breaks
A worker that takes a message after its expiry revokes it: the task does not run and ends as REVOKED.
Whatever waits in a long queue or through an outage is lost.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", expires=3600)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("expires-added", "dangerous", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if only the new side sets `expires`."""
    old, new = pair.option("expires")
    if old is None and new is not None:
        yield RULE.found(
            pair,
            "options.expires",
            f"A message for `{pair.task}` that waits longer than {new} s ends as REVOKED and is never run.",
            "Check the longest time that a message waits, outages included.",
            new=new,
        )
