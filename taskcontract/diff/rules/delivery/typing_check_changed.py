"""Celery checks the arguments of a call at another end.

## What it does
Finds a `typing` option that was switched on or off.

## Why it breaks
It does not change which calls work. With `typing` a call with a wrong number of arguments fails with
TypeError where it is sent; without, it is sent and fails in the worker.

## Example
```diff
-@app.task
+@app.task(typing=False)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("typing-check-changed", "safe", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if Celery's `typing` option was switched on or off."""
    old, new = pair.option("typing", True)
    if bool(old) != bool(new):
        where = "where it is sent" if new else "in the worker"
        yield RULE.found(
            pair,
            "options.typing",
            f"A wrong call of `{pair.task}` now fails {where}.",
            "Look for wrong calls there." if new else "Watch the worker's failures.",
            old=old,
            new=new,
        )
