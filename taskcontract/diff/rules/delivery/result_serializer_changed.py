"""Results are written in another format.

## What it does
Finds tasks whose `result_serializer` differs.

## Why it breaks
A reader refuses a result in a format that its `accept_content` (or `result_accept_content`) does not
list: `get()` raises ContentDisallowed though the task succeeded.

## Example
```diff
-result_serializer="json"
+result_serializer="msgpack"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-serializer-changed", "breaking", ("result",), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if the `result_serializer` differs."""
    old, new = pair.option("result_serializer", "json")
    if old != new:
        yield RULE.found(
            pair,
            "options.result_serializer",
            f"A reader of `{pair.task}` that accepts only {old} gets ContentDisallowed from `get()`.",
            f"Let every reader accept {new} first.",
            old=old,
            new=new,
        )
