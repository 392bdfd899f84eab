"""A parameter is gone and nothing takes its value.

## What it does
Finds parameters that went, where a call that gave them is refused, or hands the value to another
parameter that moved into the place. Where `**kwargs` takes some of the values, `param-removed-swallowed` says
what becomes of all of them.

## Why it breaks
The worker fails such a message with TypeError, or runs the task with the value in the wrong parameter.
Retries and queued messages carry the argument as well.

## Example
```diff
-def send_to_s3(key: str, content: str, acl: str = "private") -> str: ...
+def send_to_s3(key: str, content: str) -> str: ...
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

RULE = Rule("param-removed", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a removed parameter, if calls that give it fail or give it to another one."""
    old = pair.old
    if old is None or pair.new is not None or pair.variadic:
        return
    found = pair.refused
    if found is None or pair.swallowed is not None:  # that rule says both
        return
    fate = found.say(f"hands it to `{found.call.landing}`")
    yield RULE.found(
        pair,
        pair.path,
        f"A message that gives `{old.name}` {fate}.",
        or_new_version(
            pair, f"Keep `{old.name}` as an optional parameter that is ignored", plain="or take `**kwargs`"
        ),
        severity=found.severity,
        silent=found.silent,
        witness=found.witness,
        old=old.kind,
    )
