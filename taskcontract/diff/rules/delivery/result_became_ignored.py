"""A task's result is no longer stored.

## What it does
Finds tasks whose `ignore_result` was switched on.

## Why it breaks
A reader that waits with `get()` waits for ever or gets None; a chord over such tasks never runs its
body. The setting of the caller's message wins, so that only callers with the new bindings, or by name
alone, are hit.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", ignore_result=True)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-became-ignored", "breaking", ("result",), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if `ignore_result` was switched on."""
    old, new = pair.option("ignore_result", False)
    if new and not old:
        yield RULE.found(
            pair,
            "options.ignore_result",
            f"Whoever waits for the result of `{pair.task}` waits for ever: it stays PENDING.",
            "Store the result until no caller reads it.",
            old=old,
            new=new,
        )
