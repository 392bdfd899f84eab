"""`*args` or `**kwargs` has another name.

## What it does
Finds variadic parameters whose name differs.

## Why it breaks
It does not: no message names them.

## Example
```diff
-def send_to_s3(key: str, **meta: str) -> str: ...
+def send_to_s3(key: str, **extra: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("variadic-renamed", "safe", ("operational",), "patch")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding if `*args` or `**kwargs` stands on both sides under different names."""
    old, new = pair.old, pair.new
    if old is not None and new is not None and pair.variadic and old.name != new.name:
        yield RULE.found(
            pair,
            pair.path,
            f"No message names `{old.name}`, which is `{new.name}` now.",
            "Nothing.",
            old=old.name,
            new=new.name,
        )
