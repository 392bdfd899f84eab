"""A string has another format.

## What it does
Finds places whose `format` differs (`date-time`, `uuid`, `email`, ...). One that is merely dropped is
safe.

## Why it breaks
In JSON Schema a format is an annotation. The types behind it (`datetime`, `UUID`) do parse the string:
values that the old type took may fail in the new one.

## Example
```diff
-def remind(at: datetime) -> None: ...
+def remind(at: date) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-format-changed", "dangerous", ("backward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    old, new = pair.old_node.format, pair.new_node.format
    if old == new:
        return
    if new is None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` takes strings that are no {old}, which old workers may refuse.",
            "Deploy the workers before the first caller sends one.",
            severity="safe",
            directions=("forward",),
            old=old,
        )
        return
    before = f"was {old}" if old else "had no format"
    yield RULE.found(
        pair,
        pair.path,
        f"`{pair.label}` has the format {new} and {before}: a worker that parses it may refuse old values.",
        "Make sure that each value which callers send can be read both ways.",
        old=old,
        new=new,
    )
