"""A version has a sunset date that is over already.

## What it does
Finds versions that are refused as soon as this is deployed: the new side gives a sunset date that is past,
where the old one served the version. It takes the place of `task-deprecated` and `sunset-moved-earlier`.

## Why it breaks
The worker refuses each call of a version after its sunset: the caller gets a SunsetError, as do messages that
are queued, retries and tasks with an ETA. Callers had no time between the announcement and the end.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", sunset="2020-01-01")
 def send_to_s3(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("sunset-in-the-past", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if the new side's sunset date is already past, and the old one's is not."""
    new = pair.new
    if new is None or not pair.refused_now or pair.ended:
        return
    yield RULE.found(
        pair,
        "sunset",
        f"The worker refuses every call of {new.id} from now on: its sunset date, {new.sunset}, is over.",
        "Give a date that leaves its callers the time to move, and deprecate it until then.",
        witness=pair.any_call if pair.old is not None else None,
        old=pair.old.sunset if pair.old is not None else None,
        new=new.sunset,
    )
