"""A parameter has a default and had none.

## What it does
Finds parameters that were required and may be left out now.

## Why it breaks
It does not break old callers. Old workers refuse a message without it during the deploy.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(key: str, content: str = "") -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.signatures import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-became-optional", "safe", ("forward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that got a default."""
    old, new = pair.old, pair.new
    if old is None or new is None or pair.variadic or not old.required or new.required:
        return
    yield RULE.found(
        pair,
        pair.path,
        f"Workers that are not updated yet fail a message without `{new.name}` with TypeError.",
        f"Deploy the workers before the first caller leaves `{new.name}` out.",
        new=shown(new),
    )
