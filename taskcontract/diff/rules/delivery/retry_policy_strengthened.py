"""A failing task is retried more than before.

## What it does
Finds more `max_retries`, an exception that `autoretry_for` did not name, a longer `default_retry_delay` and a
`retry_backoff` that is new.

## Why it breaks
It does not break a call. The task's code may run more often, and a caller hears later that it has failed.

## Example
```diff
-@provider.implements(send_to_s3, autoretry_for=(ClientError,), max_retries=3)
+@provider.implements(send_to_s3, autoretry_for=(ClientError,), max_retries=10)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.content import RETRY_DEFAULTS, is_less, list_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("retry-policy-strengthened", "safe", ("operational",), "patch")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each retry option that was raised, and for errors added to `autoretry_for`."""
    for name, default in RETRY_DEFAULTS.items():
        old, new = pair.option(name, default)
        if is_less(old, new):
            yield RULE.found(
                pair,
                f"options.{name}",
                f"A failing `{pair.task}` gives up later: {name} was {old} and is {new or 'unlimited'}.",
                "Check that callers can wait for so long.",
                old=old,
                new=new,
            )
    old, new = pair.option("autoretry_for", [])
    come = [name for name in list_names(new) if name not in list_names(old)]
    if come:
        yield RULE.found(
            pair,
            "options.autoretry_for",
            f"`{pair.task}` is retried on {', '.join(come)}, where it failed at once.",
            "Make sure that the task may run twice.",
            old=old,
            new=new,
        )
