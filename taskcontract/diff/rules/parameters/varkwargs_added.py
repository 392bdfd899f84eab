"""A task takes any further keyword arguments.

## What it does
Finds tasks that have a `**kwargs` and had none. Where a `*args` came with it, `varargs-added` says both.

## Why it breaks
It does not break old callers: what bound before binds as before. Old workers refuse further arguments
during the deploy, and from now on a mistyped keyword goes unnoticed.

## Example
```diff
-def send_to_s3(key: str) -> str: ...
+def send_to_s3(key: str, **kwargs: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("varkwargs-added", "safe", ("forward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding if only the new signature has `**kwargs`."""
    new = pair.new
    if new is None or pair.old is not None or new.kind != "var-keyword":
        return
    if pair.opened:  # `varargs-added` says both
        return
    yield RULE.found(
        pair,
        pair.path,
        f"Old workers of `{pair.task}` fail a message with further keyword arguments.",
        "Deploy the workers before the first caller sends any.",
        new=new.name,
    )
