"""A parameter lost its default.

## What it does
Finds parameters that were optional and must be given now.

## Why it breaks
A message without it, as callers, retries and the queue hold them, is refused by the worker with
TypeError.

## Example
```diff
-def send_to_s3(key: str, content: str = "") -> str: ...
+def send_to_s3(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.signatures import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-became-required", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that lost its default, if some old call leaves it out."""
    old, new = pair.old, pair.new
    if old is None or new is None or pair.variadic or old.required or not new.required:
        return
    found = pair.find_break(lambda item: item.cause == "missing" and item.subject == new.name)
    if found is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A message without `{new.name}` fails with TypeError; it used to get {shown(old)!r}.",
            or_new_version(pair, "Keep the default", f"with an upcaster that gives `{new.name}`"),
            severity=found.severity,
            witness=found.witness,
            old=shown(old),
        )
