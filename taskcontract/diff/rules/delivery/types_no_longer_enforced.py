"""The worker no longer refuses arguments outside the declared types.

## What it does
Finds tasks whose types were checked and are mere annotations now.

## Why it breaks
It does not break a call that worked. Calls with values of a wrong type now reach the task's code.

## Example
```diff
-@provider.implements(send_to_s3)
+@app.task
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

RULE = Rule("types-no-longer-enforced", "safe", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if only the old worker checks the values of arguments."""
    if pair.old.enforced and not pair.new.enforced:
        yield RULE.found(
            pair,
            "enforced",
            f"A value outside the declared types now reaches the code of `{pair.task}`.",
            "Check there what is not to be trusted.",
            old=True,
            new=False,
        )
