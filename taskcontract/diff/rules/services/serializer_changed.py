"""Tasks are sent in another format.

## What it does
Finds the serializers that tasks changed from and to: one finding for both, however many tasks there are. It
asks whether each side accepts what the other sends: a worker accepts what its `accept_content` lists, or else
the task's own serializer. Where only old workers refuse what new callers send, the order of the deploy
decides: that is dangerous.

## Why it breaks
A worker refuses a message in a format that it does not accept and drops it: the work is lost, the caller
stays PENDING and no errback runs.

## Example
```diff
-pusher = Service("pusher", serializer="yaml")
+pusher = Service("pusher", serializer="json")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.content import accepted_by
from taskcontract.diff.walker.phrases import say_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.services import ServicePair
    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Direction, Finding

RULE = Rule("serializer-changed", "breaking", ("backward", "forward"), "major")


def check(pair: ServicePair) -> Iterator[Finding]:
    """Yield a finding for each change of a task's serializer, with all tasks that share it."""
    changes: dict[tuple[str, str], list[KeptTaskPair]] = {}
    for kept in pair.kept:
        if "serializer" not in kept.undecided_options and kept.old.serializer != kept.new.serializer:
            changes.setdefault((kept.old.serializer, kept.new.serializer), []).append(kept)
    for (old, new), tasks in sorted(changes.items()):
        lost = [kept.task for kept in tasks if old not in accepted_by(kept.new)]
        early = [kept.task for kept in tasks if new not in accepted_by(kept.old)]
        forward: tuple[Direction, ...] = ("forward",) if early else ()
        if lost:
            yield RULE.found(
                pair,
                f"serializers.{old}.{new}",
                f"New workers refuse what old callers of {say_names(lost)} send as {old}: it is lost.",
                f'Let the workers accept both for a while: accept_content=["{new}", "{old}"].',
                directions=("backward", *forward),
                old=old,
                new=new,
            )
        else:
            yield RULE.found(
                pair,
                f"serializers.{old}.{new}",
                f"New workers take {old} as well as {new}"
                + (f"; old ones refuse {new}, and calls of {say_names(early)} are lost." if early else "."),
                "Deploy all workers before the first caller." if early else "Nothing: both are accepted.",
                severity="dangerous" if early else "safe",
                directions=forward or ("operational",),
                bump="minor",
                old=old,
                new=new,
            )
