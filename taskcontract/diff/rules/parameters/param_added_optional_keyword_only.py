"""There is a new optional keyword-only parameter.

## What it does
Finds keyword-only parameters that came with a default.

## Why it breaks
It does not break old callers. Old workers refuse the argument during the deploy: deploy them before the
first caller gives it.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(key: str, content: str, *, acl: str = "private") -> str: ...
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

RULE = Rule("param-added-optional-keyword-only", "safe", ("forward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a new keyword-only parameter with a default."""
    new = pair.new
    if new is None or pair.old is not None or new.kind != "keyword-only" or new.required:
        return
    yield RULE.found(
        pair,
        pair.path,
        f"Workers that are not updated yet fail a message that gives `{new.name}` with TypeError.",
        f"Deploy the workers before the first caller gives `{new.name}`.",
        new=shown(new),
    )
