"""There is a new optional parameter at the end.

## What it does
Finds parameters that came with a default and stand after all others that take a value by position. Where
the old signature had `*args`, calls may already send a value at that place: that is breaking, and
silent.

## Why it breaks
It does not break old callers. Old workers refuse the argument during the deploy: deploy them before the
first caller gives it.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(key: str, content: str, acl: str = "private") -> str: ...
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

RULE = Rule("param-added-optional", "safe", ("forward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a new optional parameter that can be sent by position, behind all others."""
    new = pair.new
    if new is None or pair.old is not None or not pair.optional_by_place or pair.place_precedes_another:
        return
    found = pair.find_break(lambda item: item.landing == new.name and item.subject.startswith("*"))
    taken = found is not None and not found.call.subject.startswith("**")
    if found is not None and taken:
        yield RULE.found(
            pair,
            pair.path,
            f"`{new.name}` takes the value that a message sends for `{found.call.subject}`; {found.notice}.",
            f"Make `{new.name}` keyword-only.",
            severity=found.severity,
            directions=found.whom(("backward", "forward")),
            silent=found.silent,
            witness=found.witness,
            new=shown(new),
        )
        return
    yield RULE.found(
        pair,
        pair.path,
        f"Workers that are not updated yet fail a message that gives `{new.name}` with TypeError.",
        f"Deploy the workers before the first caller gives `{new.name}`.",
        new=shown(new),
    )
