"""The worker accepts a format that it did not accept.

## What it does
Finds formats that `accept_content` lists and did not list, each once, however many tasks there are. A spec
that lists none promises the task's own serializer alone. What callers send by default is for
`serializer-changed`.

## Why it breaks
It breaks no caller of today. An old worker refuses the new format and drops the message: deploy
the workers before the first caller sends it.

## Example
```diff
-accept_content=["json"]
+accept_content=["json", "yaml"]
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

RULE = Rule("accept-content-added", "safe", ("forward",), "minor")


def check(pair: ServicePair) -> Iterator[Finding]:
    """Yield a finding for each format that only new workers accept."""
    come = formats_beyond((kept.new, kept.old) for kept in pair.kept)
    for format_, tasks in sorted(come.items()):
        yield RULE.found(
            pair,
            f"accept_content.{format_}",
            f"Workers that are not updated yet refuse messages for {say_names(tasks)} written as {format_}.",
            f"Deploy the workers before the first caller sends {format_}.",
            new=format_,
        )
