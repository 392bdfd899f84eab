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


WHEN = {
    "acks_late": (False, "When a worker of `{task}` dies"),
    "reject_on_worker_lost": (False, "When the process of a worker's pool that runs `{task}` dies"),
    "acks_on_failure_or_timeout": (True, "When `{task}` fails or takes too long"),
    "acks_on_failure": (True, "When `{task}` fails"),
    "acks_on_timeout": (True, "When `{task}` takes too long"),
}
"""Each option: what Celery does without it, and when it matters."""
BOTH = "When a worker of `{task}`, or the process of its pool that runs it, dies"


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each acknowledgement option that was switched on or off; one for both of a pair.

    `reject_on_worker_lost` does nothing without `acks_late`: switched together, they are one change.
    """
    values = {name: pair.option(name, default) for name, (default, _) in WHEN.items()}
    changed = {name: sides for name, sides in values.items() if bool(sides[0]) != bool(sides[1])}
    late, reject = changed.get("acks_late"), changed.get("reject_on_worker_lost")
    together = late is not None and reject is not None and bool(late[1]) == bool(reject[1])
    for name, (old, new) in changed.items():
        if together and name == "reject_on_worker_lost":
            continue
        repeated = bool(new) is name.startswith(("acks_late", "reject"))
        when = (BOTH if together and name == "acks_late" else WHEN[name][1]).format(task=pair.task)
        yield RULE.found(
            pair,
            f"options.{name}",
            f"{when}, its message may now be "
            + ("delivered again: the task can run twice." if repeated else "gone: no worker runs it again."),
            "Make sure that the task may run twice." if repeated else "Make sure that the work may be lost.",
            old=old,
            new=new,
        )
