"""A task no longer takes further positional arguments.

## What it does
Finds tasks whose `*args` is gone.

## Why it breaks
A message with more positional arguments than the other parameters take is refused by the worker with
TypeError.

## Example
```diff
-def send_to_s3(key: str, *args: str) -> str: ...
+def send_to_s3(key: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("varargs-removed", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding if only the old signature has `*args`, and some call uses it."""
    old = pair.old
    if old is None or pair.new is not None or old.kind != "var-positional":
        return
    found = pair.find_break(lambda item: item.subject.startswith(f"*{old.name}["))
    if found is None:
        return
    fate = (
        f"hands a value to `{found.call.landing}`; {found.notice}"
        if found.call.silent
        else "fails with TypeError"
    )
    yield RULE.found(
        pair,
        pair.path,
        f"A message with further positional arguments for `{pair.task}` {fate}.",
        or_new_version(pair, f"Keep `*{old.name}`"),
        severity=found.severity,
        silent=found.silent,
        witness=found.witness,
        old=old.name,
    )
