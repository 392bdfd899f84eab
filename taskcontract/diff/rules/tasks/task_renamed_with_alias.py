"""A task has another name on the wire, and serves the old one as an alias.

## What it does
Finds a task whose old wire name is one of its aliases now.

## Why it breaks
It does not: workers serve both names, each as a Celery task of its own. Old workers discard calls by the new
name during the deploy. Calls by the old name are counted: `taskcontract retire OLD_NAME` says when it may go.

## Example
```diff
-@pusher.task(version="1.0.0")
+@pusher.task(version="1.0.0", name="pusher.upload", aliases=("pusher.send_to_s3",))
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

RULE = Rule("task-renamed-with-alias", "safe", ("forward",), "minor")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if the task has a new wire name and serves the old one as an alias."""
    old, new = pair.old, pair.new
    if old is None or new is None or old.wire_name not in new.aliases:
        return
    if new.wire_name in old.aliases:
        yield RULE.found(
            pair,
            "wire_name",
            f"Workers serve `{old.wire_name}` and `{new.wire_name}`, as before.",
            f"Drop `{old.wire_name}` once `taskcontract retire {old.wire_name}` says that it may go.",
            directions=("operational",),
            old=old.wire_name,
            new=new.wire_name,
        )
        return
    yield RULE.found(
        pair,
        "wire_name",
        f"Calls of `{old.wire_name}` are served as before; old workers discard those of `{new.wire_name}`.",
        f"Deploy the workers before the callers; drop `{old.wire_name}` once `taskcontract retire "
        f"{old.wire_name}` says that it may go.",
        old=old.wire_name,
        new=new.wire_name,
    )
