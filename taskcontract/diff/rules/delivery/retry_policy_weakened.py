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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding

RULE = Rule("retry-policy-weakened", "dangerous", ("operational",), "minor")


def _weaker(old: Json, new: Json) -> bool:
    """Whether `new` retries less than `old`; None has no bound."""
    if old is None or new is None:
        return old is None and new is not None
    return isinstance(old, (int, float)) and isinstance(new, (int, float)) and new < old


def _say(value: Json) -> str:
    return "unlimited" if value is None else str(value)


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    for name, default in (("max_retries", 3), ("default_retry_delay", 180), ("retry_backoff", False)):
        old, new = pair.option(name, default)
        if _weaker(old, new):
            yield RULE.found(
                pair,
                f"options.{name}",
                f"A failing `{pair.task}` gives up sooner: {name} was {_say(old)} and is {_say(new)}.",
                "Check that an outage of the usual length is still ridden out.",
                old=old,
                new=new,
            )
    old, new = pair.option("autoretry_for", [])
    kept = new if isinstance(new, list) else []
    lost = [name for name in old if name not in kept] if isinstance(old, list) else []
    if lost:
        yield RULE.found(
            pair,
            "options.autoretry_for",
            f"`{pair.task}` is no longer retried on {', '.join(map(str, lost))}: it fails at once.",
            "Keep the exception in `autoretry_for`, or tell the callers to retry.",
            old=old,
            new=new,
        )
