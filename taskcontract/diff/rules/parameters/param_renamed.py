"""A parameter has another name.

## What it does
Finds parameters that stand where another one stood, between the same neighbours. For a positional-only
parameter the name does not matter: that is safe.

## Why it breaks
A call that sends it by keyword, as retries do with what they got, is refused by the worker with TypeError.
New callers are refused by old workers during the deploy.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(key: str, body: str) -> str: ...
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

RULE = Rule("param-renamed", "breaking", ("backward", "forward"), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a renamed parameter: breaking if calls name it, else safe."""
    if not pair.renamed:
        return
    old, new = pair.names
    found = pair.rename_refused
    if found is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A message that sends `{old}=` fails in the worker with TypeError: the name is `{new}` now.",
            or_new_version(pair, f"Keep the name `{old}`", "with an upcaster"),
            severity=found.severity,
            directions=found.whom(RULE.directions),
            witness=found.witness,
            old=old,
            new=new,
        )
    elif pair.find_break(lambda item: old in (item.subject, item.landing)) is None:
        yield RULE.found(
            pair,
            pair.path,
            f"No message names `{old}`, which is `{new}` now: it is sent by position only.",
            "Nothing.",
            severity="safe",
            directions=("operational",),
            bump="patch",
            old=old,
            new=new,
        )
