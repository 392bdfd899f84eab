"""A task is no longer served by an alias.

## What it does
Finds aliases that a task had and no longer has, neither as its wire name nor as an alias.

## Why it breaks
A caller that still uses that name, and each queued message with it, meets a worker that knows no such
task. Once `taskcontract retire ALIAS` says that the name may go, no caller is left: accept the finding then.

## Example
```diff
-@pusher.task(version="1.0.0", aliases=("pusher.old_name",))
+@pusher.task(version="1.0.0")
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

RULE = Rule("task-alias-removed", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding for each alias that only the old side serves."""
    old, new = pair.old, pair.new
    if old is None or new is None:
        return
    for name in old.aliases:
        if name in new.wire_names:
            continue
        other = pair.catalogue.served_by.get(name)
        if pair.ended:
            consequence = (
                f"Calls of `{name}` are refused already: the sunset of {old.id}, {old.sunset}, is over."
            )
        elif other is not None:
            consequence = f"Messages for `{name}` are calls of `{other.wire_name}` now, whatever they meant."
        else:
            consequence = (
                f"The worker discards each message for `{name}`, though it serves `{new.wire_name}`."
            )
        # A call by the bindings shows nothing here: they call the task by its own name.
        yield RULE.found(
            pair,
            f"aliases.{name}",
            consequence,
            f"Keep the alias until `taskcontract retire {name}` says that it may go.",
            severity="safe" if pair.ended else None,
            old=name,
        )
