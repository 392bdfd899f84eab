"""A failing task is retried less than before.

## What it does
Finds fewer `max_retries`, an exception that `autoretry_for` no longer names, a shorter
`default_retry_delay` and a `retry_backoff` that is gone.

## Why it breaks
Callers rely on retries to ride out an outage. With fewer or faster ones the same outage ends as FAILURE.

## Example
```diff
-@provider.implements(send_to_s3, autoretry_for=(ClientError,), max_retries=10)
+@provider.implements(send_to_s3, autoretry_for=(ClientError,), max_retries=3)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.content import RETRY_DEFAULTS, is_less, list_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding

RULE = Rule("retry-policy-weakened", "dangerous", ("operational",), "minor")


def _say(value: Json) -> str:
    return "unlimited" if value is None else str(value)


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each retry option that was lowered, and for errors gone from `autoretry_for`."""
    for name, default in RETRY_DEFAULTS.items():
        old, new = pair.option(name, default)
        if is_less(new, old):
            yield RULE.found(
                pair,
                f"options.{name}",
                f"A failing `{pair.task}` gives up sooner: {name} was {_say(old)} and is {_say(new)}.",
                "Check that an outage of the usual length is still ridden out.",
                old=old,
                new=new,
            )
    old, new = pair.option("autoretry_for", [])
    lost = [name for name in list_names(old) if name not in list_names(new)]
    if lost:
        yield RULE.found(
            pair,
            "options.autoretry_for",
            f"`{pair.task}` is no longer retried on {', '.join(lost)}: it fails at once.",
            "Keep the exception in `autoretry_for`, or tell the callers to retry.",
            old=old,
            new=new,
        )
