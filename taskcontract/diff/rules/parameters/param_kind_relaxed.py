"""A parameter can be sent by position and by keyword, and could not before.

## What it does
Finds parameters that were positional-only or keyword-only and are neither now. Beside `**kwargs` the
name of a positional-only parameter was free for an extra key: a message that has both is refused now,
which is breaking.

## Why it breaks
It does not break old callers as a rule. Old workers refuse the new way during the deploy.

## Example
```diff
-def send_to_s3(key: str, /, content: str) -> str: ...
+def send_to_s3(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-kind-relaxed", "safe", ("forward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that can now be sent both by position and by keyword."""
    old, new = pair.old, pair.new
    if old is None or new is None or old.kind == new.kind or new.kind != "positional-or-keyword":
        return
    found = pair.find_break(lambda item: item.cause == "duplicate" and item.subject == new.name)
    if found is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A message with the extra key `{new.name}` fails with TypeError: multiple values for it.",
            f"Leave `{old.name}` {old.kind}, as long as `**kwargs` is there.",
            severity=found.severity,
            directions=found.whom(("backward", "forward")),
            witness=found.witness,
            old=old.kind,
            new=new.kind,
        )
        return
    way = "keyword" if old.kind == "positional-only" else "position"
    yield RULE.found(
        pair,
        pair.path,
        f"Workers that are not updated yet refuse a message that sends `{new.name}` by {way}.",
        "Deploy the workers before the first caller does so.",
        old=old.kind,
        new=new.kind,
    )
