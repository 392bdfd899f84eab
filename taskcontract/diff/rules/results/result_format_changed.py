"""A string in a result has another format.

## What it does
Finds places in a result whose `format` differs (`date-time`, `uuid`, `email`, ...).

## Why it breaks
In JSON Schema a format is an annotation. Readers that parse the string by it (`datetime`, `UUID`) may
fail on a new one.

## Example
```diff
-def stored_at(key: str) -> datetime: ...
+def stored_at(key: str) -> date: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-format-changed", "dangerous", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    old, new = pair.old_node.format, pair.new_node.format
    if old != new and old is not None:
        now = f"has the format {new}" if new else "has no format"
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` that parses `{pair.label}` as {old} may fail: it {now} now.",
            "Keep the format, or publish a new major version with a downcaster that converts it.",
            old=old,
            new=new,
        )
