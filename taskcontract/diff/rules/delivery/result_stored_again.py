"""A task's result is stored, and was not before.

## What it does
Finds tasks whose `ignore_result` was switched off.

## Why it breaks
It does not: no caller can have read the result. The result store grows. An old worker stores none: a new
caller that waits for its result waits for ever.

## Example
```diff
-@pusher.task(version="1.0.0", ignore_result=True)
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

RULE = Rule("result-stored-again", "safe", ("forward",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if `ignore_result` was switched off."""
    old, new = pair.option("ignore_result", False)
    if old and not new:
        yield RULE.found(
            pair,
            "options.ignore_result",
            f"Each call of `{pair.task}` now leaves a result in the store; old workers leave none.",
            "Deploy the workers before the first reader, and check that results expire (`result_expires`).",
            old=old,
            new=new,
        )
