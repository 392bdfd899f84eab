"""The worker no longer accepts a format that it accepted.

## What it does
Finds formats that `accept_content` listed and no longer does, each once, however many tasks there are. A spec
that lists none promises the task's own serializer alone. What callers send by default is for
`serializer-changed`.

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
from taskcontract.diff.walker.content import formats_beyond
from taskcontract.diff.walker.phrases import say_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.services import ServicePair
    from taskcontract.model.finding import Finding

RULE = Rule("accept-content-removed", "breaking", ("backward",), "major")


def check(pair: ServicePair) -> Iterator[Finding]:
    """Yield a finding for each format that only old workers accept."""
    lost = formats_beyond((kept.old, kept.new) for kept in pair.kept)
    for format_, tasks in sorted(lost.items()):
        yield RULE.found(
            pair,
            f"accept_content.{format_}",
            f"New workers refuse messages for {say_names(tasks)} written as {format_}: they are lost.",
            f"Accept {format_} until no caller sends it and the queue is empty.",
            old=format_,
        )
