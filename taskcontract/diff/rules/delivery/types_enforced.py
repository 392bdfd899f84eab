"""The worker now refuses arguments outside the declared types.

## What it does
Finds tasks whose types were mere annotations and are checked now.

## Why it breaks
A call with a value of another type used to run. It now fails in the worker before the task starts. Such
a caller was wrong before, but worked.

## Example
```diff
-@app.task
+@provider.implements(send_to_s3)
 def send(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("types-enforced", "dangerous", ("backward",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if only the new worker checks the values of arguments."""
    if pair.new.enforced and not pair.old.enforced:
        yield RULE.found(
            pair,
            "enforced",
            f"Calls of `{pair.task}` with values outside the declared types used to run and are refused now.",
            "Verify the consumers' contracts against the new worker before you deploy."
            if pair.version
            else "Check what the callers send before you deploy; queued messages count as well.",
            old=False,
            new=True,
        )
