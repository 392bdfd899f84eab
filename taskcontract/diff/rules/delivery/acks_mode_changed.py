"""A message is acknowledged at another moment.

## What it does
Finds tasks whose `acks_late`, `reject_on_worker_lost` or `acks_on_...` options differ.

## Why it breaks
With late acknowledgement a message whose worker dies is run again, so that the task may run twice; with
early acknowledgement it is lost. Code that was written for the one is seldom right for the other.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", acks_late=True)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("acks-mode-changed", "dangerous", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each acknowledgement option that was switched on or off."""
    for name, default in (
        ("acks_late", False),
        ("reject_on_worker_lost", False),
        ("acks_on_failure_or_timeout", True),
        ("acks_on_failure", True),
        ("acks_on_timeout", True),
    ):
        old, new = pair.option(name, default)
        if bool(old) == bool(new):
            continue
        repeated = bool(new) is name.startswith(("acks_late", "reject"))
        yield RULE.found(
            pair,
            f"options.{name}",
            f"When a worker of `{pair.task}` dies or fails, its message may now be "
            + ("delivered again: the task can run twice." if repeated else "gone: no worker runs it again."),
            "Make sure that the task may run twice." if repeated else "Make sure that the work may be lost.",
            old=old,
            new=new,
        )
