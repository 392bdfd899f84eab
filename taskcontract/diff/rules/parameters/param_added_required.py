"""There is a new parameter that every call must give.

## What it does
Finds parameters that came without a default.

## Why it breaks
Old callers, retries and queued messages do not give it: the worker fails each with TypeError, or, where
it stands before others, hands it a value that was meant for them. New callers are refused by old workers
during the deploy.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(key: str, content: str, meta: dict[str, str]) -> str: ...
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

RULE = Rule("param-added-required", "breaking", ("backward", "forward"), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a new parameter without a default, if some old call breaks because of it."""
    new = pair.new
    if new is None or pair.old is not None or not new.required:
        return
    found = pair.find_break(
        lambda item: new.name in (item.subject, item.landing),
        # The parameters behind it go without, as each value by position moves up by one.
        lambda item: item.cause == "missing",
    )
    if found is None:
        return
    remedy = or_new_version(pair, f"Give `{new.name}` a default", "with an upcaster that fills it in")
    if pair.signature.lacks_bind and new.name == "self":
        remedy = "Declare the task with bind=True: `self` is not a parameter then."
    fate = found.say(f"hands `{new.name}` the value meant for `{found.call.subject}`")
    yield RULE.found(
        pair,
        pair.path,
        f"A message without `{new.name}` {fate}.",
        remedy,
        severity=found.severity,
        directions=found.whom(RULE.directions),
        silent=found.silent,
        witness=found.witness,
        new=new.kind,
    )
