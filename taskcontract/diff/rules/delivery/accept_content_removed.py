"""The worker no longer accepts a format that it accepted.

## What it does
Finds formats that `accept_content` listed and no longer does. A spec that lists none promises the task's own
serializer alone. What callers themselves send by default is for `serializer-changed`.

## Why it breaks
The worker refuses such a message and drops it: the work is lost, the caller stays PENDING and no errback
runs.

## Example
```diff
-accept_content=["json", "yaml"]
+accept_content=["json"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.content import accepted_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("accept-content-removed", "breaking", ("backward",), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    changed = {pair.old.serializer} if pair.old.serializer != pair.new.serializer else set()
    for format_ in sorted(accepted_by(pair.old) - accepted_by(pair.new) - changed):
        yield RULE.found(
            pair,
            f"options.accept_content.{format_}",
            f"The worker refuses messages for `{pair.task}` that are written as {format_}: they are lost.",
            f"Accept {format_} until no caller sends it and the queue is empty.",
            old=format_,
        )
