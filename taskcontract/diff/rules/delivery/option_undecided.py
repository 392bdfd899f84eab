"""An option's value, on one side, is only known when the code runs.

## What it does
Finds options of tasks that are read from source, such as `acks_late` or `ignore_result`, whose value was a
literal and is an expression now, or the reverse, or is another expression.

## Why it breaks
It may not: a setting may well have the value that stood there before. What the new value is, a reading of
the source cannot say, and so neither what it changes.

## Example
```diff
-@shared_task(ignore_result=False)
+@shared_task(ignore_result=settings.IGNORE_RESULTS)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.model.expressions import expression_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding

RULE = Rule("option-undecided", "dangerous", ("operational",), "minor")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each option that differs and is not known on both sides."""
    for name, (old, new) in pair.undecided_options.items():
        yield RULE.found(
            pair,
            f"options.{name}",
            f"`{name}` of `{pair.task}` was {_say(old)} and is {_say(new)}: what that changes is not known.",
            f"Compare the value that `{name}` has in production with the one before.",
            known="undecided",
            old=old,
            new=new,
        )


def _say(value: Json) -> str:
    text = expression_of(value)
    return "not set" if value is None else f"`{value!r}`" if text is None else f"`{text}`"
