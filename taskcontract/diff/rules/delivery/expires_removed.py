"""A task's messages no longer expire.

## What it does
Finds an `expires` option that is gone.

## Why it breaks
What was dropped as stale is run now, however late: after an outage the workers go through all that has piled
up, and do work that no caller waits for any more.

## Example
```diff
-@pusher.task(version="1.0.0", expires=3600)
+@pusher.task(version="1.0.0")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("expires-removed", "dangerous", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if only the old side sets `expires`."""
    old, new = pair.option("expires")
    if old is not None and new is None:
        yield RULE.found(
            pair,
            "options.expires",
            f"A message for `{pair.task}` that waits longer than {old} s is run now, however late.",
            "Make sure that the task may run late, or keep the expiry.",
            old=old,
        )
