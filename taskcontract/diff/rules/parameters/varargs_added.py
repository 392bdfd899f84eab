"""A task takes any further positional arguments.

## What it does
Finds tasks that have a `*args` and had none. That a `**kwargs` came with it is one change, which it says too.

## Why it breaks
It does not break old callers: what bound before binds as before. Old workers refuse further arguments
during the deploy, and from now on a superfluous argument goes unnoticed.

## Example
```diff
-def send_to_s3(key: str) -> str: ...
+def send_to_s3(key: str, *args: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("varargs-added", "safe", ("forward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding if only the new signature has `*args`."""
    new = pair.new
    if new is None or pair.old is not None or new.kind != "var-positional":
        return
    further = "further arguments" if pair.opened else "further positional arguments"
    yield RULE.found(
        pair,
        pair.path,
        f"Old workers of `{pair.task}` fail a message with {further}.",
        "Deploy the workers before the first caller sends any.",
        new=new.name,
    )
