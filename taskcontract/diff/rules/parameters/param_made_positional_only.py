"""A parameter can no longer be sent by keyword.

## What it does
Finds parameters that took a value by keyword and are positional-only now.

## Why it breaks
A message that sends the value by keyword is refused by the worker with TypeError, or the value lands in
`**kwargs`.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(key: str, content: str, /) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-made-positional-only", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that became positional-only, if some old call sends it by keyword."""
    old, new = pair.old, pair.new
    if old is None or new is None or old.kind == "positional-only" or new.kind != "positional-only":
        return
    found = pair.find_break(lambda item: old.name == item.subject or new.name == item.subject)
    if found is None:
        return
    fate = found.say(f"has it in `{found.call.landing}`")
    yield RULE.found(
        pair,
        pair.path,
        f"A message that sends `{old.name}=` {fate}.",
        f"Leave `{old.name}` as it was until every caller sends it by position.",
        severity=found.severity,
        silent=found.silent,
        witness=found.witness,
        old=old.kind,
        new=new.kind,
    )
