"""A parameter is gone and its value falls into `*args` or `**kwargs`.

## What it does
Finds parameters that went, where a call that gave them still binds because a variadic parameter takes
the value. It says as well what becomes of calls that gave it in another way, by position beside `**extra`.

## Why it breaks
Nothing raises: the task runs without the value that the caller gave, unless its code looks for it among
the extra arguments.

## Example
```diff
-def send_to_s3(key: str, content: str, acl: str = "private", **extra: str) -> str: ...
+def send_to_s3(key: str, content: str, **extra: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.model.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-removed-swallowed", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a removed parameter whose value `*args` or `**kwargs` now takes."""
    old = pair.old
    if old is None or pair.new is not None or pair.variadic:
        return
    found, refused = pair.swallowed, pair.refused
    if found is None:
        return
    otherwise = ""
    gravest = {found.severity, (refused or found).severity}
    if refused is not None:
        otherwise = f" Given in another way, it {refused.say(f'goes to `{refused.call.landing}`')}."
    yield RULE.found(
        pair,
        pair.path,
        f"What a message gives for `{old.name}` falls into `{found.call.landing}`; {found.notice}."
        + otherwise,
        f"Keep `{old.name}`, or make sure that the task's code reads it from there.",
        severity=next(each for each in SEVERITIES if each in gravest),
        silent=found.silent,
        witness=found.witness,
        old=old.kind,
    )
